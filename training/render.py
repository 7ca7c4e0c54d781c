"""
Draws lines of machine-readable zones as a detector would cut them out of a photograph: printed, worn, laminated, held at an angle,
photographed and compressed. Every line comes with the place of each character, so that a network learns where it stands.

The order in which random numbers are drawn, here and in `printing.py` and `camera.py`, is part of the recipe: another order gives
other lines from the same seed, and other weights.
"""

import random
from dataclasses import dataclass, fields

import cv2
import numpy as np
from PIL import Image, ImageDraw

from camera import geometry, lit, photographed
from mrz_text import print_text, random_line
from printing import CAP, PRINT_FONTS, TRAINING_FONTS, font_of, ink, security_print, source_of, surround, worn

# Lines are drawn beside training: one thread is what they may take.
cv2.setNumThreads(1)

# Of training's lines, those with nothing to be read in them.
SHARE_OF_PRINT = 0.06
# Standard deviation below which a crop is flat rather than faint; the same where the networks are used.
FLAT = 8


@dataclass
class Conditions:
    """What befalls a line; each a probability. As given here, training's mixture; an evaluation switches on one at a time."""

    wear: float = 0.45
    security_print: float = 0.55
    perspective: float = 0.6
    curl: float = 0.3
    shadow: float = 0.5
    glare: float = 0.25
    lamination: float = 0.25
    moire: float = 0.12
    blur: float = 0.55
    motion: float = 0.15
    low_resolution: float = 0.7
    compression: float = 0.55
    noise: float = 0.5
    sharpening: float = 0.2
    clutter: float = 0.5
    fonts: tuple = TRAINING_FONTS

    @classmethod
    def only(cls, *names, fonts=TRAINING_FONTS):
        """Nothing but these, and these always."""
        chances = {field.name: float(field.name in names) for field in fields(cls) if field.name != "fonts"}
        return cls(**chances, fonts=fonts)


def warped(page, rng, conditions):
    """The page at an angle, and how far along the printed line each column of it lies (0–1)."""
    map_x, map_y, along = geometry(*page.shape, rng, conditions)
    return cv2.remap(page, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), along


def draw_line(rng, conditions, text):
    """Grey values of one line as a crop shows it, and the middles of its characters as shares of its width."""
    paths, weights = zip(*conditions.fonts)
    path = paths[rng.choice(len(paths), p=np.array(weights) / sum(weights))]
    pitch = CAP * rng.uniform(0.9, 1.32)
    ends = [rng.uniform(0.1, 3.4) * CAP for _ in range(2)]
    margins = (*ends, *(rng.uniform(0.12, 0.75) * CAP for _ in range(2)))
    coverage, middles = ink(text, path, rng, pitch, margins)
    if rng.random() < conditions.wear:
        coverage = worn(coverage, rng)
    height, width = coverage.shape
    paper = rng.uniform(110, 250)
    dark = rng.uniform(0, max(5, paper - 80))
    # Taken in poor light.
    if rng.random() < 0.04:
        paper, dark = rng.uniform(60, 110), rng.uniform(0, 25)
    page = np.full((height, width), paper, np.float32)
    if rng.random() < conditions.security_print:
        page += security_print(height, width, rng) * rng.uniform(0.1, 0.75) * (dark - paper) * rng.uniform(0.1, 0.8)
    page += (dark - page) * coverage * rng.uniform(0.75, 1)
    if rng.random() < conditions.clutter:
        surround(page, rng, dark, margins, middles)
    page, along = warped(page, rng, conditions)
    page = photographed(np.clip(lit(page, rng, conditions), 0, 255), rng, conditions)
    return page, np.interp(middles / (width - 1), along, np.linspace(0, 1, width))


def draw_print(rng, conditions):
    """A line that is no zone's: ordinary print, or mere texture. Nothing in it is to be read."""
    width, height = int(rng.integers(300, 1200)), int(rng.uniform(1.3, 2.2) * CAP)
    paper = rng.uniform(110, 250)
    dark = rng.uniform(0, paper - 60)
    page = np.full((height, width), paper, np.float32)
    page += security_print(height, width, rng) * rng.uniform(0.05, 0.7) * (dark - paper)
    if rng.random() < 0.75:
        image = Image.new("L", (width, height), 0)
        path = PRINT_FONTS[1 + rng.integers(3)]
        source = source_of(rng)
        font = font_of(path, int(rng.uniform(0.5, 1) * CAP))
        place = (int(rng.integers(0, 60)), height // 2)
        ImageDraw.Draw(image).text(place, print_text(source), font=font, fill=255, anchor="lm")
        page += (dark - page) * np.asarray(image, np.float32) / 255
    else:
        ground = page - paper
        page = paper + ground + rng.normal(0, rng.uniform(5, 60), page.shape).astype(np.float32)
    page, _ = warped(page, rng, conditions)
    return photographed(np.clip(lit(page, rng, conditions), 0, 255), rng, conditions)


def draw_text(rng):
    """The text of a line; see `random_line`."""
    return random_line(random.Random(int(rng.integers(1 << 62))))


def to_height(page, rng, line_height):
    """Sets a crop to the height that a network takes. The aspect of a detected box is never quite right, so it varies."""
    height, width = page.shape
    target = width / height * line_height * rng.uniform(0.88, 1.12)
    # Whole steps of either network.
    target = int(np.clip(round(target / 4) * 4, 160, 1600))
    interpolation = cv2.INTER_LINEAR if line_height > height else cv2.INTER_AREA
    return cv2.resize(page, (target, line_height), interpolation=interpolation)


def normalised(page):
    """Zero mean, unit deviation; the same is done where the networks are used."""
    return ((page - page.mean()) / (page.std() + FLAT)).astype(np.float32)


def sample(rng, line_height):
    """One line for training: the picture, its text, and where in it the characters stand (pixels)."""
    conditions = Conditions()
    if rng.random() < SHARE_OF_PRINT:
        return normalised(to_height(draw_print(rng, conditions), rng, line_height)), "", np.zeros(0)
    text = draw_text(rng)
    page, shares = draw_line(rng, conditions, text)
    picture = to_height(page, rng, line_height)
    return normalised(picture), text, shares * picture.shape[1]
