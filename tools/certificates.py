"""Pictures of certificates as they are printed: `python tools/certificates.py FOLDER`.

Makes the demo municipality and writes <track>-<language>.png for one certificate of each track in
each language that a certificate can be asked for in. What a certificate says of its course stays in
the words that were signed.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402

from innocap_lms.credentials import pages, pdf, queries  # noqa: E402
from innocap_lms.credentials.models import Certificate  # noqa: E402
from innocap_lms.extensions import db  # noqa: E402
from innocap_lms.people.language import ABROAD  # noqa: E402
from innocap_lms.plugin_host.current import plugins  # noqa: E402
from innocap_lms.typesetting.typst import typeset  # noqa: E402
from tests.browser.site import demo_site  # noqa: E402

PIXELS_PER_INCH = 110


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, demo_site(Path(data)) as site, site.app.app_context():
        for track in db.session.scalars(select(Certificate.track).distinct()).all():
            for language in ABROAD:
                (folder / f"{track}-{language}.png").write_bytes(_picture(track, language))
    return 0


def _picture(track: str, language: str) -> bytes:
    """The page of a certificate of that track; of one that was earned in that language, if any."""
    of_track = select(Certificate.id).where(Certificate.track == track)
    by_fit = of_track.order_by((Certificate.language == language).desc(), Certificate.id).limit(1)
    (found,) = queries.certificates_by_ids(db.session.scalars(by_fit).all())
    address, zone = pages.verify_url(found.id), pages.settings().timezone
    host = plugins()
    content = pdf.page(found, host.tracks[track], address, zone, host.designs, language)
    inputs = {"certificate": content, "credential": ""}
    return typeset(pdf.TEMPLATE, inputs, format="png", ppi=PIXELS_PER_INCH)


if __name__ == "__main__":
    sys.exit(main())
