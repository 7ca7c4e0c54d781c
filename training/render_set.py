"""
Renders a set to measure by, from a seed that training never saw: of lines, in font files that it never saw either, or of pages.

    python3 render_set.py --out DIR [--print | --pages] [--each 160] [--seed 9303] [--fonts FILE...]

Of lines it writes one PNG a line and `truth.json`: `{file: {text, condition, kind}}`, the kind "zone" or, with `--print`, "print". Without
`--fonts`, the OCR-B of Debian's texlive-fonts-extra, or for print what its fonts-lato and fonts-urw-base35 hold that training left out.
Of pages, one PNG a photograph and `truth.json`: `{file: [{x, y, length, thickness, angle}]}`, the lines in it, in pixels and radians.
"""

import argparse
import json
import pathlib
import random

import cv2
import numpy as np

from page_render import draw_page, view
from print_render import URW, draw_print_line
from print_text import random_print
from printing import TRUETYPE
from render import Conditions, draw_line, draw_text

UNSEEN = "/usr/share/texlive/texmf-dist/fonts/opentype/public/ocr-b-outline"
UNSEEN_FONTS = tuple(f"{UNSEEN}/ocrb{size}.otf" for size in (8, 9, 10))
UNSEEN_PRINT_FONTS = tuple(f"{TRUETYPE}/lato/Lato-{style}.ttf" for style in ("Regular", "Bold", "Light", "Italic"))
UNSEEN_PRINT_FONTS += tuple(f"{URW}/P052-{style}.otf" for style in ("Roman", "Bold"))
ALONE = (
    "wear",
    "security_print",
    "perspective",
    "curl",
    "shadow",
    "glare",
    "lamination",
    "moire",
    "blur",
    "motion",
    "low_resolution",
    "compression",
    "noise",
)


def zone_line(rng, conditions):
    text = draw_text(rng)
    page, _ = draw_line(rng, conditions, text)
    return page, text


def printed_line(rng, conditions):
    page, text, _ = draw_print_line(rng, conditions, random_print(random.Random(int(rng.integers(1 << 62)))), conditions.fonts)
    return page, text


def render(out, each, seed, fonts, kind):
    draw = {"zone": zone_line, "print": printed_line}[kind]
    truth = {}
    for condition in ("clean", *ALONE):
        names = () if condition == "clean" else (condition,)
        conditions = Conditions.only(*names, fonts=tuple((font, 1) for font in fonts))
        for number in range(each):
            rng = np.random.default_rng((seed, len(truth)))
            page, text = draw(rng, conditions)
            name = f"{condition}-{number:03d}.png"
            cv2.imwrite(str(out / name), np.clip(page, 0, 255).astype(np.uint8))
            truth[name] = {"text": text, "condition": condition, "kind": kind}
    (out / "truth.json").write_text(json.dumps(truth, indent=1))
    print(len(truth), "lines")


def render_pages(out, count, seed):
    truth = {}
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        photo, _, lines = view(rng, *draw_page(rng))
        name = f"page-{number:03d}.png"
        cv2.imwrite(str(out / name), np.clip(photo, 0, 255).astype(np.uint8))
        truth[name] = [vars(line) for line in lines]
    (out / "truth.json").write_text(json.dumps(truth, indent=1))
    print(len(truth), "pages")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--each", type=int, default=160)
    arguments.add_argument("--seed", type=int, default=9303)
    arguments.add_argument("--print", action="store_true")
    arguments.add_argument("--pages", action="store_true")
    arguments.add_argument("--fonts", nargs="+")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.pages:
        render_pages(given.out, given.each, given.seed)
        raise SystemExit
    unseen = UNSEEN_PRINT_FONTS if given.print else UNSEEN_FONTS
    render(given.out, given.each, given.seed, given.fonts or unseen, "print" if given.print else "zone")
