"""
Trains the reader of print from nothing but rendered lines, and writes it as ONNX. Every batch follows from its number and the seed.

    python3 train_print.py --out DIR [--steps N] [--seed 20140722]
"""

import argparse
import pathlib

import numpy as np
import torch
from torch.utils.data import Dataset

from networks import Print
from print_render import print_sample, to_height
from print_text import PRINT_ALPHABET
from render import normalised
from train import IGNORED, learn

BATCH = 24
# Lines are shorter than that: several stand in one row, apart by what a line's end is to the network.
WINDOW = 448
GAP = 32
# Drawing costs as much as learning: each line is shown twice, at two widths and in two rows.
SHOWN = 2
INDEX = {character: index for index, character in enumerate(PRINT_ALPHABET, 1)}


def print_targets(text, places, steps, step):
    """Class of each step: the character whose middle is nearest, nothing said beside it, blank elsewhere and between two alike."""
    classes = np.zeros(steps, np.int64)
    exact = places / step - 0.5
    nearest = np.clip(np.round(exact).astype(int), 0, steps - 1)
    for place, at in zip(exact, nearest):
        beside = at + 1 if place > at else at - 1
        if 0 <= beside < steps:
            classes[beside] = IGNORED
    for index in range(1, len(text)):
        if text[index] == text[index - 1]:
            classes[nearest[index - 1] + 1 : nearest[index]] = 0
    for character, at in zip(text, nearest):
        classes[at] = INDEX[character]
    return classes


class PrintBatches(Dataset):
    """Rows of rendered lines, and the class of each of their steps."""

    def __init__(self, seed, count):
        self.seed = seed
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, number):
        rng = np.random.default_rng((self.seed, number, 1))
        pictures = np.zeros((BATCH, 1, Print.line_height, WINDOW), np.float32)
        classes = np.full((BATCH, WINDOW // Print.step), IGNORED, np.int64)
        for first in range(0, BATCH, SHOWN):
            fill(pictures[first : first + SHOWN, 0], classes[first : first + SHOWN], rng)
        return torch.from_numpy(pictures), torch.from_numpy(classes)


def fill(rows, classes, rng):
    """Puts the same lines into each of some rows, until they are full."""
    used = [0] * len(rows)
    while min(used) < 0.8 * WINDOW:
        page, text, shares = print_sample(rng)
        for row in range(len(rows)):
            picture = normalised(to_height(page, rng, Print.line_height))
            width = picture.shape[1]
            told = print_targets(text, shares * width, width // Print.step, Print.step)
            start, room = used[row], WINDOW - used[row]
            if room <= 0:
                continue
            # What has no room is cut off behind; of a line that is too long for a row, sometimes before.
            cut = int(rng.integers(0, (width - room) // 4 + 1)) * 4 if width > room and start == 0 else 0
            part, said = picture[:, cut : cut + room], told[cut // Print.step : (cut + room) // Print.step]
            rows[row, :, start : start + part.shape[1]] = part
            classes[row, start // Print.step : start // Print.step + len(said)] = said
            used[row] += width + GAP


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--steps", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=20140722)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    learn("print", Print, lambda: PrintBatches(given.seed, given.steps), given.seed, given.steps, given.out / "print.onnx")
