"""
Renders a set of lines to measure readers by, from a seed and in font files that training never saw.

    python3 render_set.py --out DIR [--each 160] [--seed 9303] [--fonts FILE...]

Writes one PNG a line and `truth.json`: `{file: {text, condition}}`. Without `--fonts`, the OCR-B of Debian's texlive-fonts-extra.
"""

import argparse
import json
import pathlib

import cv2
import numpy as np

from render import Conditions, draw_line, draw_text

UNSEEN = "/usr/share/texlive/texmf-dist/fonts/opentype/public/ocr-b-outline"
UNSEEN_FONTS = tuple(f"{UNSEEN}/ocrb{size}.otf" for size in (8, 9, 10))
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


def render(out, each, seed, fonts):
    truth = {}
    for condition in ("clean", *ALONE):
        names = () if condition == "clean" else (condition,)
        conditions = Conditions.only(*names, fonts=tuple((font, 1) for font in fonts))
        for number in range(each):
            rng = np.random.default_rng((seed, len(truth)))
            text = draw_text(rng)
            page, _ = draw_line(rng, conditions, text)
            name = f"{condition}-{number:03d}.png"
            cv2.imwrite(str(out / name), np.clip(page, 0, 255).astype(np.uint8))
            truth[name] = {"text": text, "condition": condition}
    (out / "truth.json").write_text(json.dumps(truth, indent=1))
    print(len(truth), "lines")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--each", type=int, default=160)
    arguments.add_argument("--seed", type=int, default=9303)
    arguments.add_argument("--fonts", nargs="+", default=UNSEEN_FONTS)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    render(given.out, given.each, given.seed, given.fonts)
