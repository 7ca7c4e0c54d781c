"""
Draws lines of print as a detector cuts them out of a photograph of a document, with the place of each character. What befalls a line after
it was printed is what befalls a zone: see `printing.py`, `camera.py`.
"""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from camera import lit, photographed
from print_text import plain, random_print
from printing import CAP, TRUETYPE, font_of, security_print, set_table, smooth_noise, worn
from render import Conditions, normalised, warped

URW = "/usr/share/fonts/opentype/urw-base35"
OCR_B = "/usr/share/fonts/opentype/ocr-b"
# Names of files by folder, and how often one of the folder's is taken.
FAMILIES = (
    (f"{TRUETYPE}/liberation", "LiberationSans-Regular LiberationSans-Bold LiberationSans-Italic", "ttf", 14),
    (f"{TRUETYPE}/liberation", "LiberationSansNarrow-Regular LiberationSansNarrow-Bold", "ttf", 6),
    (f"{TRUETYPE}/liberation", "LiberationSerif-Regular LiberationSerif-Bold LiberationSerif-Italic", "ttf", 7),
    (f"{TRUETYPE}/liberation", "LiberationMono-Regular LiberationMono-Bold", "ttf", 6),
    (f"{TRUETYPE}/dejavu", "DejaVuSans DejaVuSans-Bold DejaVuSansCondensed DejaVuSansCondensed-Bold", "ttf", 9),
    (f"{TRUETYPE}/dejavu", "DejaVuSansMono DejaVuSansMono-Bold DejaVuSerif DejaVuSerifCondensed-Bold", "ttf", 5),
    (f"{TRUETYPE}/freefont", "FreeSans FreeSansBold FreeSansOblique FreeSerif FreeSerifBold FreeMono FreeMonoBold", "ttf", 8),
    (f"{TRUETYPE}/noto", "NotoSans-Regular NotoSans-Bold NotoSans-Italic NotoSerif-Regular NotoSerif-Bold NotoSansMono-Regular", "ttf", 8),
    (f"{TRUETYPE}/open-sans", "OpenSans-Regular OpenSans-Bold OpenSans-Semibold OpenSans-CondBold OpenSans-CondLight", "ttf", 8),
    (f"{TRUETYPE}/roboto/unhinted/RobotoTTF", "Roboto-Regular Roboto-Bold Roboto-Medium Roboto-Light Roboto-Italic", "ttf", 6),
    (f"{TRUETYPE}/roboto/unhinted", "RobotoCondensed-Regular RobotoCondensed-Bold", "ttf", 5),
    (URW, "NimbusSans-Regular NimbusSans-Bold NimbusSansNarrow-Regular NimbusSansNarrow-Bold", "otf", 8),
    (URW, "NimbusRoman-Regular NimbusRoman-Bold NimbusMonoPS-Bold C059-Roman C059-Bold", "otf", 5),
    (URW, "URWGothic-Book URWGothic-Demi URWBookman-Light URWBookman-Demi", "otf", 3),
    (OCR_B, "OCRB OCRBS", "otf", 7),
    (f"{TRUETYPE}/inconsolata", "Inconsolata", "otf", 2),
)
FONTS = tuple((f"{folder}/{name}.{suffix}", weight / len(names.split())) for folder, names, suffix, weight in FAMILIES for name in names.split())
# Nothing that is set in these is to be read.
SCRIPTS = (("Arabic", 0x0621, 0x064A), ("Hebrew", 0x05D0, 0x05EA), ("Devanagari", 0x0905, 0x0939), ("Georgian", 0x10D0, 0x10F0), ("Thai", 0x0E01, 0x0E2E))

SHARE_OF_NOTHING = 0.05
SHARE_OF_WHITE_ON_DARK = 0.04
# Gentler than a zone's: a detector cuts print closely, and it stands on a hand's breadth of the card.
CONDITIONS = Conditions(wear=0.4, perspective=0.5, shadow=0.4, moire=0.1, blur=0.5, low_resolution=0.6, noise=0.45, clutter=0.6)

_has = {}


def has_glyph(path, character):
    """Whether a font can draw a character at all: what it cannot, it draws as it draws a character that no font has."""
    key = (path, character)
    if key not in _has:
        font = font_of(path)
        mask, nothing = font.getmask(character), font.getmask("\uffff")
        _has[key] = character == " " or (mask.size[0] > 0 and (mask.size != nothing.size or bytes(mask) != bytes(nothing)))
    return _has[key]


def set_line(text, path, rng):
    """Coverage (0–1) of a line, cut to its ink, and the middle of each character."""
    font = font_of(path)
    spacing = rng.uniform(-0.03, 0.25) * CAP if rng.random() < 0.35 else 0.0
    wide = rng.uniform(0.75, 1.3) if rng.random() < 0.5 else 1.0
    reach = 2 * CAP
    starts = np.array([font.getlength(text[:index]) + index * spacing for index in range(len(text) + 1)])
    # Two fields that stand far apart on one line.
    gaps = [index for index, character in enumerate(text) if character == " "]
    gap = 0.0
    if gaps and rng.random() < 0.12:
        gap = rng.uniform(0.4, 5) * CAP
        at = gaps[rng.integers(len(gaps))]
        starts[at + 1 :] += gap
    image = Image.new("L", (int(starts[-1]) + 2 * reach, 3 * CAP + reach), 0)
    draw = ImageDraw.Draw(image)
    base = 2 * CAP + CAP // 2
    if spacing == 0 and gap == 0:
        draw.text((reach, base), text, font=font, fill=255, anchor="ls")
    else:
        for start, character in zip(starts, text):
            draw.text((reach + round(start), base), character, font=font, fill=255, anchor="ls")
    coverage = np.asarray(image, np.float32) / 255
    ends = starts[:-1] + [font.getlength(character) for character in text]
    if gap:
        ends[at] += gap
    middles = (starts[:-1] + ends) / 2 + reach
    rows, columns = np.flatnonzero(coverage.max(axis=1)), np.flatnonzero(coverage.max(axis=0))
    if len(rows) == 0:
        return np.zeros((CAP, CAP), np.float32), np.zeros(0)
    # A line of small letters, or of one hyphen, is not cut to those: a detector sees rather the height of a line.
    top, bottom = min(rows[0], base - round(0.8 * CAP)), max(rows[-1] + 1, base)
    coverage, middles = coverage[top:bottom, columns[0] : columns[-1] + 1], middles - columns[0]
    if wide != 1:
        middles = middles * wide
        coverage = cv2.resize(coverage, (max(2, round(coverage.shape[1] * wide)), coverage.shape[0]), interpolation=cv2.INTER_LINEAR)
    return coverage, middles


def choose_font(rng, fonts=FONTS):
    paths, weights = zip(*fonts)
    return paths[rng.choice(len(paths), p=np.array(weights) / sum(weights))]


def reach_in(page, rng, dark, above, below):
    """Some rows of the line above or below, in place: as many as stay clear of this one, or nearly."""
    path = choose_font(rng)
    source = random.Random(int(rng.integers(1 << 30)))
    strip, _ = set_line(drawable(random_print(source) + "  " + random_print(source), path), path, rng)
    at_top = rng.random() < 0.5
    scale = rng.uniform(0.6, 1.7)
    strip = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    rows = int(rng.uniform(0.1, 0.85) * (above if at_top else below))
    if rows < 1:
        return
    part = strip[-rows:] if at_top else strip[:rows]
    shift = int(rng.integers(0, max(1, page.shape[1] // 2)))
    target = page[: part.shape[0], shift:] if at_top else page[page.shape[0] - part.shape[0] :, shift:]
    part = part[:, : target.shape[1]]
    target[:, : part.shape[1]] += (dark - target[:, : part.shape[1]]) * part


def rules(page, rng, dark, above, below):
    """A line that is printed below a field, or the frame of a box."""
    height, width = page.shape
    at = height - 1 - int(rng.uniform(0, 0.7) * below) if rng.random() < 0.7 else int(rng.uniform(0, 0.7) * above)
    page[at : at + int(rng.integers(1, 3))] += (dark - page[at : at + 1]) * rng.uniform(0.3, 1)


def drawable(text, path):
    """With plain letters where a font has no marked ones, and without what it has not at all."""
    letters = (character if has_glyph(path, character) else plain(character) for character in text)
    return " ".join("".join(letter for letter in letters if has_glyph(path, letter)).split())


def on_paper(coverage, rng, conditions, left, right, above, below, middles):
    """Grey values of print on its ground, with what stands around it."""
    inner_height, inner_width = coverage.shape
    width, height = int(left + inner_width + right), int(above + inner_height + below)
    page_ink = np.zeros((height, width), np.float32)
    top, start = int(above), int(left)
    page_ink[top : top + inner_height, start : start + inner_width] = coverage[: height - top, : width - start]
    if rng.random() < conditions.wear:
        page_ink = worn(page_ink, rng)
    paper = rng.uniform(110, 250)
    dark = rng.uniform(0, max(5, paper - 70))
    if rng.random() < 0.04:
        paper, dark = rng.uniform(60, 110), rng.uniform(0, 25)
    page = np.full((height, width), paper, np.float32)
    if rng.random() < conditions.security_print:
        page += security_print(height, width, rng) * rng.uniform(0.1, 0.75) * (dark - paper) * rng.uniform(0.1, 0.7)
    page += (dark - page) * page_ink * rng.uniform(0.75, 1)
    if rng.random() < conditions.clutter:
        if rng.random() < 0.6:
            reach_in(page, rng, dark, above, below)
        if rng.random() < 0.2:
            rules(page, rng, dark, above, below)
        if len(middles) and rng.random() < 0.15:
            bare = page.copy()
            side = int(rng.integers(2))
            set_table(page, rng, side, (left if side == 0 else right) - 0.2 * CAP, bare)
    return 255 - page if rng.random() < SHARE_OF_WHITE_ON_DARK else page


def margins(rng, inner):
    """What a detector's box leaves around a line: less about large print than about small, and 0.3 of the box beyond each end."""
    height = max(inner + 1, CAP / (rng.uniform(0.33, 0.8) if rng.random() < 0.5 else rng.uniform(0.52, 0.78)))
    above = (height - inner) * np.clip(rng.normal(0.5, 0.14), 0.05, 0.95)
    left, right = (rng.uniform(0.08, 0.65) * height for _ in range(2))
    return above, height - inner - above, left, right


def draw_print_line(rng, conditions, text, fonts=FONTS):
    """Grey values of a line as a crop shows it, what is to be read in it, and the middles of its characters as shares of its width."""
    path = choose_font(rng, fonts)
    text = drawable(text, path)
    if text == "":
        text = "M"
    coverage, middles = set_line(text, path, rng)
    above, below, left, right = margins(rng, coverage.shape[0])
    page = on_paper(coverage, rng, conditions, left, right, above, below, middles)
    middles = middles + int(left)
    width = page.shape[1]
    page, along = warped(page, rng, conditions)
    page = photographed(np.clip(lit(page, rng, conditions), 0, 255), rng, conditions)
    return page, "".join(map(plain, text)), np.interp(middles / (width - 1), along, np.linspace(0, 1, width))


def draw_nothing(rng, conditions):
    """A crop in which nothing is to be read: ground, texture, another script."""
    kind = rng.random()
    coverage = np.zeros((int(rng.uniform(1, 1.4) * CAP), int(rng.uniform(1, 16) * CAP)), np.float32)
    if kind < 0.5:
        script, first, last = SCRIPTS[rng.integers(len(SCRIPTS))]
        text = "".join(" " if rng.random() < 0.15 else chr(rng.integers(first, last + 1)) for _ in range(rng.integers(2, 18)))
        coverage, _ = set_line(text.strip() or chr(first), f"{TRUETYPE}/noto/NotoSans{script}-Regular.ttf", rng)
    page = on_paper(coverage, rng, conditions, *(rng.uniform(0.1, 0.8) * CAP for _ in range(4)), ())
    if kind > 0.75:
        height, width = page.shape
        page = page + (smooth_noise(rng, height, width, rng.integers(3, 40)) - 0.5) * rng.uniform(20, 200)
        page = page + rng.normal(0, rng.uniform(1, 40), page.shape).astype(np.float32)
    page, _ = warped(page, rng, conditions)
    return photographed(np.clip(lit(page, rng, conditions), 0, 255), rng, conditions)


def to_height(page, rng, line_height, multiple=4):
    """Sets a crop to the height that the network takes. The aspect of a detected box is never quite right."""
    height, width = page.shape
    target = width / height * line_height * rng.uniform(0.9, 1.1)
    target = int(max(4 * multiple, round(target / multiple) * multiple))
    return cv2.resize(page, (target, line_height), interpolation=cv2.INTER_LINEAR if line_height > height else cv2.INTER_AREA)


def print_sample(rng):
    """One line for training: the crop, its text, and the middles of its characters as shares of its width."""
    if rng.random() < SHARE_OF_NOTHING:
        return draw_nothing(rng, CONDITIONS), "", np.zeros(0)
    return draw_print_line(rng, CONDITIONS, random_print(random.Random(int(rng.integers(1 << 62)))))
