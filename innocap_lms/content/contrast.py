"""Whether the words in a picture can be read: contrast of text in an SVG against what is behind it.

The ratio is that of WCAG 2.2 (success criterion 1.4.3, definition "contrast ratio").
"""

import re
from typing import Final
from xml.etree import ElementTree as Xml

LEAST: Final = 4.5
LEAST_LARGE: Final = 3.0  # of text of 24 CSS pixels and more
LARGE: Final = 24
DEEPEST: Final = 100  # groups within groups; a drawing has a few
PAPER: Final = (255, 255, 255)  # a picture without a background of its own lies on the page

_HEX: Final = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\Z", re.IGNORECASE)
_RGB: Final = re.compile(
    r"rgb\(\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*,\s*([0-9]{1,3})\s*\)\Z", re.IGNORECASE
)
_STYLE_FILL: Final = re.compile(r"(?:\A|;)\s*fill\s*:\s*([^;]+)")
_NAMED: Final = {
    "black": (0, 0, 0), "white": (255, 255, 255), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "orange": (255, 165, 0), "navy": (0, 0, 128),
}  # fmt: skip
_BOXES: Final = {
    "rect": ("x", "y", "width", "height"),
    "circle": ("cx", "cy", "r", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
}
_OTHERS: Final = ("path", "polygon", "polyline", "image", "use")
_EVERYWHERE: Final = (float("-inf"), float("-inf"), float("inf"), float("inf"))

Colour = tuple[int, int, int]
# Left, top, right, bottom, and the colour; None where something lies there that cannot be told.
Box = tuple[float, float, float, float, Colour | None]


def faint_text(svg: bytes) -> str:
    """The first words in an SVG whose contrast is too low, with the ratio; "" when there are none.

    Looks at plain fills, rectangles and circles, which is what diagrams are made of; what it cannot
    work out (gradients, style sheets, paths, moved groups) it takes to be good.
    """
    try:
        root = Xml.fromstring(svg)  # noqa: S314 - refused before where it defines entities
    except (Xml.ParseError, ValueError):
        return ""
    styled = any(_name_of(node) == "style" for node in root.iter())
    if styled or "background" in root.get("style", ""):
        return ""
    return _faint(root, (0, 0, 0), [], 0)


def _name_of(node: Xml.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _faint(node: Xml.Element, inherited: Colour | None, behind: list[Box], depth: int) -> str:
    name, fill = _name_of(node), _fill(node, inherited)
    hidden = node.get("display") == "none" or "display:none" in node.get("style", "")
    if name in ("defs", "symbol", "pattern", "clipPath", "mask") or hidden or depth > DEEPEST:
        return ""
    if "transform" in node.attrib or (name == "svg" and depth):
        behind.append((*_EVERYWHERE, None))
        return ""
    if name == "text":
        return _too_faint(node, fill, behind)
    said = _said_fill(node)
    if name in _BOXES and said not in ("none", "transparent"):
        behind.append((*_extent(node, name), fill))
    elif name in _OTHERS and said != "none" and (said or "stroke" not in node.attrib):
        behind.append((*_EVERYWHERE, None))  # a path without a fill that has a stroke is a line
    for child in node:
        if found := _faint(child, fill, behind, depth + 1):
            return found
    return ""


def _too_faint(text: Xml.Element, fill: Colour | None, behind: list[Box]) -> str:
    words, ground = " ".join("".join(text.itertext()).split()), _ground(text, behind)
    if not words or fill is None or ground is None:
        return ""
    ratio, size = contrast(fill, ground), _number(text.get("font-size"))
    least = LEAST_LARGE if size is not None and size >= LARGE else LEAST
    return f"“{words[:40]}” has a contrast of {ratio:.1f}" if ratio < least else ""


def _extent(node: Xml.Element, name: str) -> tuple[float, float, float, float]:
    """Where a shape lies; everywhere for one that is not worked out."""
    if node.get("width") == node.get("height") == "100%":
        return _EVERYWHERE
    found = [_number(node.get(each)) for each in _BOXES[name]]
    if None in found:
        return _EVERYWHERE
    x, y, across, down = (each or 0.0 for each in found)
    if name == "rect":
        return x, y, x + across, y + down
    return x - across, y - down, x + across, y + down


def _fill(node: Xml.Element, inherited: Colour | None) -> Colour | None:
    """The colour of an element; None where it cannot be told."""
    if node.get("class") or node.get("opacity") or node.get("fill-opacity"):
        return None
    said = _said_fill(node)
    return _colour(said) if said else inherited


def _said_fill(node: Xml.Element) -> str:
    style = _STYLE_FILL.search(node.get("style", ""))
    return (style.group(1) if style else node.get("fill", "")).strip()


def _colour(said: str) -> Colour | None:
    if match := _HEX.match(said):
        digits = match.group(1) if len(match.group(1)) == 6 else "".join(c * 2 for c in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _RGB.match(said):
        red, green, blue = (min(255, int(part)) for part in match.groups())
        return red, green, blue
    return _NAMED.get(said.lower())


def _ground(text: Xml.Element, behind: list[Box]) -> Colour | None:
    """What lies behind a text: the last shape drawn before that holds its start."""
    first = next((each for each in text.iter() if "x" in each.attrib or "y" in each.attrib), text)
    x, y = _number(first.get("x")), _number(first.get("y"))
    if x is None or y is None:
        return None
    for left, top, right, bottom, colour in reversed(behind):  # what is drawn later lies above
        if left <= x <= right and top <= y <= bottom:
            return colour
    return PAPER


def _number(said: str | None) -> float | None:
    try:
        return float((said or "0").removesuffix("px"))
    except ValueError:
        return None


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two sRGB colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
