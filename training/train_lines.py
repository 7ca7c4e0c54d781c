"""
Trains the finder of lines from nothing but rendered pages, and writes it as ONNX. Every batch follows from its number and the seed.

    python3 train_lines.py --out DIR [--steps N] [--seed 20140722]
"""

import argparse
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import Dataset

from networks import Finder
from page_render import WINDOW, draw_page, view
from train import learn

BATCH = 8
# Drawing costs as much as learning: each page is photographed several times.
VIEWS = 4
# Of what is no line, so many times as much as there is of lines is learnt from: what was taken for one most surely.
HARD = 3
# Lines so many cells apart are to be kept apart: what lies between them is learnt from besides.
GAP = 9


class PageBatches(Dataset):
    """Photographs of rendered pages, and the cores of their lines, half as large."""

    def __init__(self, seed, count):
        self.seed = seed
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, number):
        rng = np.random.default_rng((self.seed, number, 2))
        pictures = np.zeros((BATCH, 1, WINDOW, WINDOW), np.float32)
        cores = np.zeros((BATCH, 1, WINDOW // 2, WINDOW // 2), np.float32)
        for index in range(BATCH):
            if index % VIEWS == 0:
                page = draw_page(rng)
            picture, cores[index, 0], _ = view(rng, *page)
            pictures[index, 0] = (picture - 127.5) / 127.5
        return torch.from_numpy(pictures), torch.from_numpy(cores)


def found(scores, cores):
    """The loss of a map of cores, and how much of the cores and of what was found is both."""
    losses = functional.binary_cross_entropy_with_logits(scores, cores, reduction="none")
    lines = cores > 0.05
    count = max(1, int(lines.sum()))
    hardest = losses[~lines].topk(min(HARD * count, int((~lines).sum()))).values
    between = closed(lines.float()).bool() & ~lines
    gaps = losses[between].sum() / max(1, int(between.sum()))
    said = torch.sigmoid(scores)
    overlap = 2 * (said * cores).sum() / (said.sum() + cores.sum() + 1)
    return losses[lines].sum() / count + hardest.sum() / count + gaps + (1 - overlap), overlap.item()


def closed(mask):
    """What lies within or between the parts of a mask that are near to each other."""
    reach = {"kernel_size": GAP, "stride": 1, "padding": GAP // 2}
    return -functional.max_pool2d(-functional.max_pool2d(mask, **reach), **reach)


class ExportedFinder(nn.Module):
    """What is shipped gives probabilities."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.sigmoid(self.network(x))


def write_finder(finder, file):
    torch.onnx.export(
        ExportedFinder(finder),
        torch.zeros(1, 1, 448, 640),
        str(file),
        input_names=["pages"],
        output_names=["text"],
        dynamic_axes={"pages": {2: "height", 3: "width"}, "text": {2: "rows", 3: "columns"}},
        opset_version=13,
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--steps", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=20140722)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    batches = lambda: PageBatches(given.seed, given.steps)
    learn("finder", Finder, batches, given.seed, given.steps, given.out / "finder.onnx", found, write_finder)
