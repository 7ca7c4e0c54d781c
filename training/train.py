"""
Trains the two readers from nothing but rendered lines, and writes them as ONNX. Every batch follows from its number and the seed.

    python3 train.py --out DIR [--steps 7000] [--seed 20140722] [--only first|second]
"""

import argparse
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, Dataset

from mrz_text import ALPHABET
from networks import NETWORKS, Exported
from render import sample

BATCH = 24
# Drawing costs as much as learning: each line is shown twice, in windows of its own.
WINDOW = 512
WINDOWS_A_LINE = 2
# A class that the loss leaves out.
IGNORED = -100
# Keeps the two readers' lines apart: they are to make different mistakes.
SEED_DISTANCE = 7_919

LEARNING_RATE = 2e-3
HIGHEST_LEARNING_RATE = 2.5e-3
WEIGHT_DECAY = 1e-4
LONGEST_GRADIENT = 2.0
# Share of the old in each running mean: of the weights, of what is reported.
WEIGHTS_KEPT = 0.998
REPORT_KEPT = 0.98
REPORT_EVERY = 100
EXPORT_EVERY = 1000


def targets(text, places, steps, step):
    """Class of each step: the character whose middle is nearest, nothing said beside it, blank elsewhere."""
    classes = np.zeros(steps, np.int64)
    exact = places / step - 0.5
    for character, place in zip(text, exact):
        nearest = int(round(place))
        if 0 <= nearest < steps:
            classes[nearest] = ALPHABET.index(character) + 1
    for place in exact:
        nearest = int(round(place))
        second = nearest + 1 if place > nearest else nearest - 1
        if 0 <= second < steps and classes[second] == 0:
            classes[second] = IGNORED
    return classes


class Batches(Dataset):
    """Windows of rendered lines, and the class of each of their steps."""

    def __init__(self, kind, seed, count):
        self.network = NETWORKS[kind]
        self.seed = seed + SEED_DISTANCE * sorted(NETWORKS).index(kind)
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, number):
        rng = np.random.default_rng((self.seed, number))
        height, step = self.network.line_height, self.network.step
        pictures = np.zeros((BATCH, 1, height, WINDOW), np.float32)
        classes = np.full((BATCH, WINDOW // step), IGNORED, np.int64)
        for row in range(BATCH):
            if row % WINDOWS_A_LINE == 0:
                picture, text, places = sample(rng, height)
                told = targets(text, places, picture.shape[1] // step, step)
            room = max(0, picture.shape[1] - WINDOW) // step
            start = int(rng.integers(0, room + 1))
            part = picture[:, start * step : start * step + WINDOW]
            pictures[row, 0, :, : part.shape[1]] = part
            part = told[start : start + WINDOW // step]
            classes[row, : len(part)] = part
        return torch.from_numpy(pictures), torch.from_numpy(classes)


class RunningMean:
    """Of what is reported; right from the first value on, because what is missing at the start is divided out."""

    def __init__(self):
        self.sum, self.weight = 0.0, 0.0

    def add(self, value):
        self.sum = REPORT_KEPT * self.sum + (1 - REPORT_KEPT) * value
        self.weight = REPORT_KEPT * self.weight + (1 - REPORT_KEPT)

    def __str__(self):
        return f"{self.sum / self.weight:.4f}"


def share_right(scores, classes):
    """Of the steps that hold a character."""
    told = classes > 0
    return (scores.argmax(1)[told] == classes[told]).float().mean().item()


def train(kind, seed, steps, out):
    learn(kind, NETWORKS[kind], lambda: Batches(kind, seed, steps), seed, steps, out / f"ocr-b-{kind}.onnx")


def classified(scores, classes):
    """The loss of steps that each have a class, and the share of characters that are right."""
    return functional.cross_entropy(scores, classes, ignore_index=IGNORED), share_right(scores.detach(), classes)


def learn(name, make, make_batches, seed, steps, file, judge=classified, write=None):
    """Trains what `make` makes on what `make_batches` gives, by what `judge` says of it, and has `write` put the network into `file`."""
    write = write or write_reader
    torch.manual_seed(seed)
    # Sums over several threads come out in an order of their own each time.
    torch.set_num_threads(1)
    network = make()
    print(name, sum(weights.numel() for weights in network.parameters()), "parameters", flush=True)
    optimiser = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = OneCycleLR(optimiser, HIGHEST_LEARNING_RATE, steps, pct_start=0.05, final_div_factor=100)
    averaged = AveragedModel(network, avg_fn=lambda old, new, _: WEIGHTS_KEPT * old + (1 - WEIGHTS_KEPT) * new)
    start, loss_mean, right_mean = time.time(), RunningMean(), RunningMean()
    loader = DataLoader(make_batches(), batch_size=None, num_workers=1, prefetch_factor=8)
    for done, (pictures, classes) in enumerate(loader, 1):
        scores = network(pictures)
        loss, right = judge(scores, classes)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
        optimiser.step()
        schedule.step()
        averaged.update_parameters(network)
        loss_mean.add(loss.item())
        right_mean.add(right)
        if done % REPORT_EVERY == 0:
            print(name, done, int(time.time() - start), "s", loss_mean, right_mean, flush=True)
        # Besides leaving something to look at, this draws from the generator that dropout draws from (a network is built anew):
        # another interval gives other weights.
        if done % EXPORT_EVERY == 0:
            write(shipped(make, network, averaged), file)
    write(shipped(make, network, averaged), file)


def is_statistic(name):
    return "running" in name or "num_batches" in name


def shipped(make, network, averaged):
    """The running mean of the weights reads better than the last; its normalisation statistics are those of the live network."""
    means = {name: value for name, value in averaged.module.state_dict().items() if not is_statistic(name)}
    result = make()
    result.load_state_dict({**network.state_dict(), **means})
    return result.eval()


def write_reader(reader, file):
    torch.onnx.export(
        Exported(reader),
        torch.zeros(1, 1, reader.line_height, 640),
        str(file),
        input_names=["lines"],
        output_names=["log_probabilities"],
        dynamic_axes={"lines": {0: "count", 3: "width"}, "log_probabilities": {0: "count", 1: "steps"}},
        opset_version=13,
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--steps", type=int, default=7000)
    arguments.add_argument("--seed", type=int, default=20140722)
    arguments.add_argument("--only", choices=sorted(NETWORKS))
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name in sorted(NETWORKS):
        if given.only in (None, name):
            train(name, given.seed, given.steps, given.out)
