"""What is on the paper before a camera sees it: the type, its wear, the security print below it, and what stands around it."""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mrz_text import print_text, random_line

# Height of the capitals before anything happens to them, in pixels of the print.
CAP = 26

TRUETYPE = "/usr/share/fonts/truetype"
OCR_B = "/usr/share/fonts/opentype/ocr-b"
# Files, and how often each is taken. Zones are set in OCR-B by the standard; some issuers print them in something like it.
TRAINING_FONTS = (
    (f"{OCR_B}/OCRB.otf", 46),
    (f"{OCR_B}/OCRBS.otf", 30),
    (f"{OCR_B}/OCRBL.otf", 4),
    (f"{TRUETYPE}/ocr-a/OCRA.ttf", 2),
    (f"{TRUETYPE}/dejavu/DejaVuSansMono.ttf", 4),
    (f"{TRUETYPE}/liberation/LiberationMono-Bold.ttf", 4),
    (f"{TRUETYPE}/freefont/FreeMonoBold.ttf", 4),
    (f"{TRUETYPE}/inconsolata/Inconsolata.otf", 3),
    (f"{TRUETYPE}/noto/NotoSansMono-Regular.ttf", 3),
)
# Of everything that is no zone. The first has the even pitch of a zone, so it is left out where print has to be told from a zone.
PRINT_FONTS = (
    f"{TRUETYPE}/dejavu/DejaVuSansMono-Bold.ttf",
    f"{TRUETYPE}/liberation/LiberationSans-Regular.ttf",
    f"{TRUETYPE}/liberation/LiberationSans-Bold.ttf",
    f"{TRUETYPE}/liberation/LiberationSerif-Regular.ttf",
)

_fonts = {}
_glyphs = {}


def font_of(path, cap=CAP):
    """A font at the size at which its capitals are `cap` pixels high."""
    key = (path, cap)
    if key not in _fonts:
        _, top, _, bottom = ImageFont.truetype(path, 100).getbbox("H")
        _fonts[key] = ImageFont.truetype(path, max(6, round(100 * cap / max(1, bottom - top))))
    return _fonts[key]


def glyph_of(path, character):
    """Coverage (0–1) of one character with its base line at row 2 × CAP, and its middle at column CAP."""
    key = (path, character)
    if key not in _glyphs:
        image = Image.new("L", (2 * CAP, 3 * CAP), 0)
        ImageDraw.Draw(image).text((CAP, 2 * CAP), character, font=font_of(path), fill=255, anchor="ms")
        _glyphs[key] = np.asarray(image, np.float32) / 255
    return _glyphs[key]


def source_of(rng):
    """A generator for texts: they are drawn by Python's, pictures by numpy's."""
    return random.Random(int(rng.integers(1 << 30)))


def smooth_noise(rng, height, width, cells):
    """A random field from 0 to 1 that changes over a `cells`-th of the width."""
    rows = max(2, round(cells * height / width) + 1)
    grid = rng.random((rows, max(2, int(cells)))).astype(np.float32)
    return np.clip(cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)


def ink(text, path, rng, pitch, margins):
    """
    Coverage (0–1) of a printed line, and the middle of each character in it.

    `margins` are those left, right, above and below, in pixels. Characters stand as unevenly as printers set them.
    """
    left, right, top, bottom = margins
    height, width = int(top + CAP + bottom), int(left + pitch * len(text) + right)
    # With room for whole glyphs on each side, cut off below.
    page = np.zeros((height + 4 * CAP, width + 4 * CAP), np.float32)
    base = 2 * CAP + top + CAP
    middles = []
    for index, character in enumerate(text):
        x = left + (index + 0.5) * pitch + rng.normal(0, 0.012) * pitch
        y = base + rng.normal(0, 0.3)
        glyph = glyph_of(path, character)
        column, row = int(round(x)) + CAP, int(round(y)) - 2 * CAP
        view = page[row : row + 3 * CAP, column : column + 2 * CAP]
        np.maximum(view, glyph[: view.shape[0], : view.shape[1]], out=view)
        middles.append(x)
    return page[2 * CAP : 2 * CAP + height, 2 * CAP : 2 * CAP + width], np.array(middles)


def ellipse(size):
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def worn(coverage, rng):
    """Too much ink or too little, rubbed off in spots or patches, dead rows of a print head, scratches and folds."""
    height, width = coverage.shape
    kind = rng.random()
    if kind < 0.3:
        coverage = cv2.dilate(coverage, ellipse(3))
        if rng.random() < 0.25:
            coverage = cv2.dilate(coverage, ellipse(2))
    elif kind < 0.5:
        coverage = cv2.erode(coverage, np.ones((2, 2), np.uint8))
    if rng.random() < 0.5:
        spots = smooth_noise(rng, height, width, width / rng.uniform(2, 9))
        coverage = coverage * np.clip((spots - rng.uniform(0.02, 0.2)) * 6, 0, 1)
    if rng.random() < 0.3:
        coverage = coverage * (1 - rng.uniform(0.2, 0.7) * smooth_noise(rng, height, width, rng.integers(3, 12)))
    if rng.random() < 0.15:
        for _ in range(rng.integers(1, 3)):
            row = rng.integers(0, height)
            coverage[row : row + 1] *= rng.uniform(0, 0.5)
    if rng.random() < 0.15:
        coverage = coverage.copy()
        for _ in range(rng.integers(1, 4)):
            x, slant = int(rng.integers(0, width)), int(rng.normal(0, 15))
            shade = float(rng.choice((0.0, 0.0, 0.8)))
            cv2.line(coverage, (x, 0), (x + slant, height), shade, int(rng.integers(1, 3)))
    return coverage


def security_print(height, width, rng):
    """Waves, rosettes and small print under the line, −1.5 to 1.5."""
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    total = np.zeros((height, width), np.float32)
    for _ in range(rng.integers(1, 5)):
        phase = (
            x * rng.uniform(-0.6, 0.6)
            + y * rng.uniform(-0.7, 0.7)
            + rng.uniform(1, 14) * np.sin(x * rng.uniform(0.004, 0.09) + y * rng.uniform(-0.06, 0.06) + rng.uniform(0, 6))
        )
        wave = np.sin(phase + rng.uniform(0, 6))
        if rng.random() < 0.7:
            wave = np.clip((wave - rng.uniform(0.2, 0.9)) * 8, 0, 1)
        total += wave * rng.choice((-1, 1, 1)) * rng.uniform(0.3, 1)
    if rng.random() < 0.2:
        total += small_print(height, width, rng) * rng.uniform(0.3, 1)
    return np.clip(total, -1.5, 1.5)


def small_print(height, width, rng):
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    font = font_of(PRINT_FONTS[rng.integers(len(PRINT_FONTS))], int(rng.integers(6, 14)))
    source = source_of(rng)
    for row in range(0, height, int(rng.integers(9, 26))):
        line = " ".join(print_text(source) for _ in range(4))
        draw.text((int(rng.integers(-80, 0)), row), line, font=font, fill=255)
    return np.asarray(image, np.float32) / 255


def surround(page, rng, dark, margins, middles):
    """Puts into a crop, in place, what it catches besides its line: a neighbouring line, the table beside the card."""
    _, _, top, bottom = margins
    bare = page.copy()
    if rng.random() < 0.45:
        set_neighbour(page, rng, dark, int(min(top, bottom)))
    if rng.random() < 0.45:
        # The table must leave the outer characters alone.
        room = (middles[0] - 0.7 * CAP, page.shape[1] - middles[-1] - 0.7 * CAP)
        for side in (0, 1):
            if rng.random() >= 0.5:
                set_table(page, rng, side, room[side], bare)


def set_neighbour(page, rng, dark, most):
    """Some rows of a line of print above or below."""
    height, width = page.shape
    rows = int(rng.integers(1, max(2, most)))
    source = source_of(rng)
    image = Image.new("L", (width, 2 * CAP), 0)
    if rng.random() < 0.7:
        path = TRAINING_FONTS[rng.integers(2)][0]
    else:
        path = PRINT_FONTS[rng.integers(len(PRINT_FONTS))]
    text = random_line(source) if rng.random() < 0.7 else print_text(source)
    ImageDraw.Draw(image).text((int(rng.integers(0, 60)), CAP // 2), text, font=font_of(path), fill=255)
    strip = np.asarray(image, np.float32) / 255
    filled = np.flatnonzero(strip.max(axis=1))
    if len(filled) == 0:
        return
    if rng.random() < 0.5:
        part = strip[max(0, filled[-1] + 1 - rows) : filled[-1] + 1]
    else:
        part = strip[filled[0] : filled[0] + rows]
    target = page[: part.shape[0]] if rng.random() < 0.5 else page[height - part.shape[0] :]
    target += (dark - target) * part[: target.shape[0]]


def set_table(page, rng, side, room, bare):
    """Something of another brightness and grain at one end (0 = left), or nothing where there is no room for it."""
    height, width = page.shape
    span = int(rng.uniform(0.2, 2.2) * CAP)
    texture = rng.uniform(0, 255) + rng.normal(0, rng.uniform(2, 40), (height, span))
    if rng.random() < 0.5:
        texture = cv2.GaussianBlur(texture.astype(np.float32), (0, 0), rng.uniform(0.5, 4))
    end = slice(0, span) if side == 0 else slice(width - span, width)
    page[:, end] = bare[:, end] if span > room else texture
