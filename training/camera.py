"""What befalls a printed line on its way into a file: angle and curl, light, lens, sensor, compression."""

import cv2
import numpy as np

from printing import CAP, smooth_noise


def places(height, width):
    """Column and row of each pixel, to be combined by broadcasting."""
    return np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]


def geometry(height, width, rng, conditions):
    """Where each pixel of the photograph lies in the print (columns, rows), and each column of it along the line (0–1)."""
    u = np.linspace(0, 1, width, dtype=np.float32)
    along = u.copy()
    scale = np.ones(width, np.float32)
    offset = np.zeros(width, np.float32)
    shear = 0.0
    if rng.random() < conditions.perspective:
        bend = rng.uniform(-0.18, 0.18)
        along = u + bend * u * (1 - u)
        scale += np.float32(rng.uniform(-0.22, 0.22)) * (u - 0.5)
        shear = rng.uniform(-0.2, 0.2)
        offset += np.float32(rng.uniform(-0.013, 0.013) * width) * (u - 0.5)
    if rng.random() < conditions.curl:
        offset += np.float32(rng.uniform(-0.18, 0.18) * CAP) * (4 * u * (1 - u) - 0.5)
        ripple = np.float32(rng.uniform(0, 0.06) * CAP)
        offset += ripple * np.sin(u * rng.uniform(3, 14) + rng.uniform(0, 6)).astype(np.float32)
    y = np.arange(height, dtype=np.float32)[:, None] - height / 2
    map_x = (along * (width - 1))[None, :] + shear * y
    map_y = y * scale[None, :] + offset[None, :] + height / 2
    return map_x.astype(np.float32), map_y.astype(np.float32), along


def lit(page, rng, conditions):
    """Shadow, reflections of a lamination, glare, and the moiré of a screen or of a fine grid."""
    height, width = page.shape
    if rng.random() < conditions.shadow:
        page = page * (1 - rng.uniform(0.1, 0.6) * smooth_noise(rng, height, width, rng.integers(2, 7)))
    if rng.random() < conditions.lamination:
        page = page + lamination(height, width, rng)
    if rng.random() < conditions.glare:
        x, y = places(height, width)
        for _ in range(rng.integers(1, 3)):
            spot = ((x - rng.uniform(0, width)) / rng.uniform(15, 120)) ** 2
            spot = spot + ((y - rng.uniform(0, height)) / rng.uniform(8, 60)) ** 2
            page = page + np.exp(-spot) * rng.uniform(30, 170)
    if rng.random() < conditions.moire:
        x, y = places(height, width)
        frequency = rng.uniform(0.3, 2.6)
        angle = rng.uniform(0, np.pi)
        wave = np.sin(frequency * (x * np.cos(angle) + y * np.sin(angle)) + 3 * np.sin(x * 0.01))
        page = page * (1 + rng.uniform(0.03, 0.18) * wave)
    return page


def lamination(height, width, rng):
    """Bright bands, and sometimes the patches of a kinegram, as grey levels that are added."""
    x, y = places(height, width)
    x = x + y * rng.uniform(-2, 2)
    band = np.zeros((height, width), np.float32)
    for _ in range(rng.integers(1, 4)):
        centre, spread = rng.uniform(0, width), rng.uniform(10, 160)
        band += np.exp(-(((x - centre) / spread) ** 2)) * rng.uniform(10, 90)
    if rng.random() < 0.4:
        patch = smooth_noise(rng, height, width, rng.integers(4, 20)) > rng.uniform(0.4, 0.7)
        band += cv2.GaussianBlur(patch.astype(np.float32), (0, 0), 2) * rng.uniform(-40, 60)
    return band


def spread_by(kernel, page):
    return cv2.filter2D(page, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def defocused(page, radius):
    """A lens out of focus spreads each point over a disk."""
    if radius < 0.35:
        return page
    size = 2 * int(np.ceil(radius)) + 1
    grid = np.arange(size) - size // 2
    return spread_by(np.clip(radius + 0.5 - np.hypot(grid[:, None], grid[None, :]), 0, 1).astype(np.float32), page)


def moved(page, rng, length):
    """A hand that shakes spreads it over a line."""
    size = 2 * int(np.ceil(length)) + 3
    kernel = np.zeros((size, size), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = size // 2
    end = (int(middle + length * np.cos(angle)), int(middle + length * np.sin(angle)))
    begin = (int(middle - length * np.cos(angle)), int(middle - length * np.sin(angle)))
    cv2.line(kernel, begin, end, 1.0, 1)
    return spread_by(kernel, page)


def photographed(page, rng, conditions):
    """Resolution, focus, movement, noise, sharpening and compression, in the order in which a camera brings them about."""
    height, width = page.shape
    cap = rng.uniform(5.8, 24.0) if rng.random() < conditions.low_resolution else rng.uniform(20, 28)
    # The set that measures low resolution holds nothing but that; training mixes all sizes.
    if conditions.low_resolution >= 1:
        cap = rng.uniform(6.0, 9.0)
    scale = min(1.0, cap / CAP)
    if scale < 1:
        size = (max(16, round(width * scale)), max(6, round(height * scale)))
        page = cv2.resize(page, size, interpolation=cv2.INTER_AREA if rng.random() < 0.6 else cv2.INTER_LINEAR)
    if rng.random() < conditions.blur:
        strength = rng.uniform(0.3, 2.1) * max(0.45, scale) ** 0.8
        if rng.random() < 0.5:
            page = defocused(page, strength * 1.2)
        else:
            page = cv2.GaussianBlur(page, (0, 0), strength)
    if rng.random() < conditions.motion:
        page = moved(page, rng, rng.uniform(1, 5) * scale)
    if rng.random() < conditions.noise:
        deviation = rng.uniform(1, 16)
        grain = rng.normal(0, deviation, page.shape).astype(np.float32)
        if rng.random() < 0.4:
            grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.8
        page = page + grain
    if rng.random() < conditions.sharpening:
        page = page + rng.uniform(0.3, 1.6) * (page - cv2.GaussianBlur(page, (0, 0), rng.uniform(0.6, 1.6)))
    page = np.clip(page, 0, 255)
    return compressed(page, int(rng.integers(18, 92))) if rng.random() < conditions.compression else page


def compressed(page, quality):
    _, jpeg = cv2.imencode(".jpg", page.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE).astype(np.float32)
