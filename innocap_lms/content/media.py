"""How links, pictures, films and sound become HTML."""

from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it.token import Token

from innocap_lms.content.dialect import plain_text
from innocap_lms.content.files import media_type
from innocap_lms.content.links import caption_path
from innocap_lms.content.page import Page, Renderer, attributes, page_of
from innocap_lms.content.wording import LANGUAGE_NAMES

Tokens = Sequence[Token]


def _link_open(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    token = tokens[index]
    url, away = page_of(env).link(str(token.attrs.get("href", "")))
    title = token.attrs.get("title")
    named = attributes(
        href=url,
        title=str(title) if title else None,
        class_="external" if away else None,
        rel="noopener" if away else None,
    )
    # Without an address the words stay, and nothing can be followed.
    return f"<a{named}>"


def _image(_: Renderer, tokens: Tokens, index: int, __: Any, env: Any) -> str:
    token, page = tokens[index], page_of(env)
    path, url = page.file(str(token.attrs.get("src", "")))
    words = plain_text(token.children).strip()
    kind = media_type(path).partition("/")[0]
    if url is None or kind not in _PLAYERS:
        return f'<span class="missing">{escape(words)}</span>'
    return _PLAYERS[kind](token, page, path, url, words)


def _picture(token: Token, page: Page, path: str, url: str, words: str) -> str:
    width, height = page.sizes.get(path, (None, None))
    title = token.attrs.get("title")
    named = attributes(
        src=url,
        alt=words,
        width=width,
        height=height,
        loading="lazy",
        decoding="async",
        title=str(title) if title else None,
    )
    return f"<img{named}>"


def _film(_: Token, page: Page, path: str, url: str, words: str) -> str:
    tracks = []
    for language in dict.fromkeys((page.language, *LANGUAGE_NAMES)):
        source = page.resolve(caption_path(path, language))
        if source:
            label = LANGUAGE_NAMES.get(language, language)
            named = attributes(kind="captions", src=source, srclang=language, label=label)
            tracks.append(f"<track{named}{' default' if language == page.language else ''}>")
    named = attributes(src=url, preload="metadata", aria_label=words)
    return f"<video controls{named}>{''.join(tracks)}</video>"


def _sound(_: Token, page: Page, path: str, url: str, words: str) -> str:
    player = f"<audio controls{attributes(src=url, preload='metadata', aria_label=words)}></audio>"
    transcript = page.resolve(caption_path(path, page.language))
    if not transcript:
        return player
    link = f"<a{attributes(href=transcript, class_='transcript')}>"
    return f"{player} {link}{escape(page.words['transcript'])}</a>"


_PLAYERS = {"image": _picture, "video": _film, "audio": _sound}

MEDIA_RULES = {"link_open": _link_open, "image": _image}
