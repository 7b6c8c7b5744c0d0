"""innocap-lms course compared"""

from pathlib import Path

import click

from innocap_lms.content.versions import note_compared


@click.command("compared")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Note in translations that they say the same as the lead language does now.

    `course check` then warns when the lead language changes. Each of FILES is a text of a course in
    another language than its lead, such as 01-needs.en.md.

    Example: innocap-lms course compared courses/service-design/frame-and-explore/*.en.md
    """
    for file in files:
        try:
            lead = _sister(file.absolute())
            version = note_compared(file, lead)
        except (OSError, ValueError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{file}: compared with {lead.name}, version {version}")


def _sister(file: Path) -> Path:
    """The same text in the lead language. Raises ClickException where there is none."""
    from innocap_lms.content.frontmatter import split
    from innocap_lms.content.rules import read_rules

    folder = file.parent if file.parent.name != "_banks" else file.parent.parent
    stem, language = file.name.removesuffix(".md").rpartition(".")[::2]
    for shared in (folder / "course.md", *sorted(folder.glob("*/course.md"))):
        if not shared.is_file():
            continue
        shared_text = shared.read_bytes().decode("utf-8", "replace")
        rules = read_rules(split(shared.name, shared_text), [])
        lead = file.with_name(f"{stem}.{rules.languages[0]}.md") if rules.languages else file
        if lead != file and lead.is_file() and language in rules.languages:
            return lead
    raise click.ClickException(f"{file} is no translation of a text beside it")
