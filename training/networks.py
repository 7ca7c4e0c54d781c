"""
Two small convolutional readers of OCR-B lines. They differ in the height of what they see, in depth, in how far they see around a
character and in what they were shown, so that they seldom make the same mistake: where both read the same, it is believed.

A third for print of any type. And a fourth that finds the lines for all of them.
"""

import torch
from torch import nn
from torch.nn import functional

from mrz_text import ALPHABET
from print_text import PRINT_ALPHABET

CLASSES = 1 + len(ALPHABET)  # Class 0 is the space between characters.


def block(inputs, outputs, kernel, stride=1, padding=None, dilation=1):
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    dilation = (dilation, dilation) if isinstance(dilation, int) else dilation
    if padding is None:
        padding = tuple(reach * (size - 1) // 2 for size, reach in zip(kernel, dilation))
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, channels, kernel, dilation=1):
        super().__init__()
        self.body = block(channels, channels, kernel, dilation=dilation)

    def forward(self, x):
        return x + self.body(x)


class First(nn.Module):
    """Lines of 32 pixels' height, a step every 4 pixels."""

    line_height, step = 32, 4

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 20, 3, (2, 2)),
            block(20, 40, 3, (2, 2)),
            Residual(40, 3),
            block(40, 80, 3, (2, 1)),
            Residual(80, 3),
            block(80, 128, (4, 3), padding=(0, 1)),
            Residual(128, (1, 5)),
            Residual(128, (1, 3), (1, 2)),
            nn.Dropout(0.1),
            nn.Conv2d(128, CLASSES, 1),
        )

    def forward(self, x):
        return self.features(x)[:, :, 0, :]


class Second(nn.Module):
    """Lines of 24 pixels' height, a step every 2 pixels."""

    line_height, step = 24, 2

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 16, 5, (2, 1)),
            block(16, 32, 3, (2, 2)),
            block(32, 56, 3, (2, 1)),
            block(56, 96, (3, 5), padding=(0, 2)),
            Residual(96, (1, 5)),
            nn.Dropout(0.1),
            nn.Conv2d(96, CLASSES, 1),
        )

    def forward(self, x):
        return self.features(x)[:, :, 0, :]


class Print(nn.Module):
    """
    Lines of print, 32 pixels high. Narrow letters stand 5 pixels apart, and two alike need a step between them to be told from one: so each
    place that is looked at, every 4 pixels, gives two steps. Widths are multiples of 16, which processors like.
    """

    line_height, step = 32, 2
    classes = 1 + len(PRINT_ALPHABET)

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            block(1, 16, 3, (2, 2)),
            block(16, 32, 3, (2, 2)),
            Residual(32, 3),
            block(32, 80, 3, (2, 1)),
            Residual(80, 3),
            block(80, 144, (4, 3), padding=(0, 1)),
            Residual(144, (1, 5)),
            Residual(144, (1, 3), (1, 2)),
            Residual(144, (1, 3), (1, 4)),
            nn.Dropout(0.05),
            nn.Conv2d(144, 2 * self.classes, 1),
        )

    def forward(self, x):
        first, second = self.features(x)[:, :, 0, :].chunk(2, dim=1)
        return torch.stack((first, second), dim=3).flatten(2)


class Finder(nn.Module):
    """
    Finds the cores of lines in a whole picture: it looks every 4 pixels, with what stands around in mind as seen every 8 and 16, and says of
    each 2 by 2 pixels whether they are one. Widths are multiples of 8, which processors like.
    """

    def __init__(self):
        super().__init__()
        self.fine = nn.Sequential(block(1, 8, 5, (2, 2)), block(8, 16, 3, (2, 2)), Residual(16, 3))
        self.middle = nn.Sequential(block(16, 32, 3, (2, 2)), Residual(32, 3))
        self.coarse = nn.Sequential(
            block(32, 64, 3, (2, 2)),
            Residual(64, 3),
            Residual(64, 3, 2),
            Residual(64, 3, 4),
            block(64, 32, 1),
        )
        self.join = nn.Sequential(Residual(32, 3), block(32, 16, 1))
        self.out = nn.Sequential(Residual(16, 3), nn.Conv2d(16, 4, 1), nn.PixelShuffle(2))

    def forward(self, x):
        fine = self.fine(x)
        middle = self.middle(fine)
        joined = self.join(middle + doubled(self.coarse(middle)))
        return self.out(fine + doubled(joined))


def doubled(x):
    return functional.interpolate(x, scale_factor=2, mode="nearest")


# The readers of zones. Their number and order is part of their seeds.
NETWORKS = {"first": First, "second": Second}


class Exported(nn.Module):
    """What is shipped gives logarithms of probabilities, steps first: `[lines, steps, classes]`."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.log_softmax(self.network(x), dim=1).transpose(1, 2)
