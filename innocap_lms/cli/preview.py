"""innocap-lms course preview"""

import os
import signal
import threading
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from innocap_lms.catalogue.published import in_service
from innocap_lms.cli.checking import banks_of, drafts_below, past_of, roots_of
from innocap_lms.cli.remembered import state_of, state_of_files
from innocap_lms.cli.run import PORTS, refuse_used_port
from innocap_lms.cli.site import close_connections
from innocap_lms.config import load_settings
from innocap_lms.content.naming import PROGRAMME
from innocap_lms.plugin_host.contract import CourseSource, ProgrammeSource
from innocap_lms.plugin_host.host import PluginHost
from innocap_lms.preview.site import follow, make_site

HOST = "127.0.0.1"


@click.command("preview")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--port", type=PORTS, envvar="PORT", show_envvar=True, default=8010, show_default=True
)
def command(paths: tuple[Path, ...], port: int) -> None:
    """The courses and programmes below PATHS (default: courses) as people will see them, at each
    save anew. A programme can be named by its file, and brings its courses along.

    It is a site of its own, gone when it ends: you can be a coach, a trainer, an assessor or HR in
    it, take quizzes and earn certificates. Beside the page stand the problems of its files, and
    what differs from the edition in service.

    Example: innocap-lms course preview courses/service-design/frame-and-explore
    """
    settings = load_settings(os.environ)
    folders, files = drafts_below(paths or (Path("courses"),))
    ids = {file: file.name.removesuffix(PROGRAMME) for file in files}
    names = Counter([*(folder.resolve().name for folder in folders), *ids.values()])
    if twice := [name for name, count in names.items() if count > 1]:
        raise click.UsageError(f"two folders are called {twice[0]}: name one of them")
    refuse_used_port(HOST, port)
    with TemporaryDirectory(prefix="innocap-preview-") as place:
        app = make_site(settings, Path(place), f"http://{HOST}:{port}")
        drafts = follow(
            app,
            {folder: _source(app, folder) for folder in folders}
            | {file: ProgrammeSource(_track(app, file), file.parent, ids[file]) for file in files},
            past=lambda folder: past_of(folder, in_service(settings), settings),
            state=state_at,
        )
        drafts.look()
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
        threading.Thread(target=drafts.keep_looking, daemon=True).start()
        click.echo(f"The preview is at http://{HOST}:{port}/preview; Ctrl-C ends it")
        for ending in (signal.SIGINT, signal.SIGTERM):  # a shell may have had the first ignored
            signal.signal(ending, signal.default_int_handler)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
        finally:
            drafts.stop()
            app.extensions["innocap_relay"].stop()
            close_connections(app)


def _source(app: Flask, folder: Path) -> CourseSource:
    """The draft of the course in a folder."""
    return CourseSource(_track(app, folder), folder, banks_of(folder))


def _track(app: Flask, place: Path) -> str:
    """The track of the plugin that supplies a course or programme, else that which the folder above
    is named after."""
    host: PluginHost = app.extensions["innocap_host"]
    tracks = {str(source.folder): source.track for _plugin, source in host.courses}
    tracks |= {str(each.folder): each.track for _plugin, each in host.programmes}
    known = tracks.get(str(place.resolve())) or tracks.get(str(place.resolve().parent))
    return known or place.absolute().parent.name


def state_at(place: Path) -> object:
    """Differs from before when a file of a draft has changed: of a programme, its texts too."""
    if place.is_dir():
        return state_of(roots_of(place))
    return state_of_files(place.parent, f"{place.name.removesuffix(PROGRAMME)}.programme.*")


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request: what the terminal shows are errors."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass
