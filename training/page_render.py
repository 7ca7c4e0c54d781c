"""
Draws whole documents as photographs show them, with the place of each line of text, so that a network learns to find lines. What befalls a
page after it was printed is what befalls a line: see `printing.py`, `camera.py`.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from camera import compressed, defocused, lit, moved
from mrz_text import data_line, name_line, td1_line
from print_render import SCRIPTS, choose_font, drawable
from print_text import LABELS, names, number, random_print
from printing import OCR_B, TRAINING_FONTS, TRUETYPE, font_of, security_print, smooth_noise
from render import Conditions

# A line's box is so much higher than its capitals, and so much longer than its ink: what the readers of lines were trained for.
BOX_HEIGHT = 1.5
BOX_MORE = 0.25
# What is learnt is the core of each box: grown by 1.6 times its area over half its outline, it is the box again (differentiable binarisation).
CORE = 1 / 2.6
# What is found of a core is larger by about a cell of the map, which is two pixels, and more where it slants: pixels by which cores are drawn
# thinner, and the least that remains.
CORE_THINNER, THINNEST_CORE = 2.2, 2.0
# Side of what is shown to the network, in pixels.
WINDOW = 384
CONDITIONS = Conditions(shadow=0.5, lamination=0.25, glare=0.25, moire=0.08)

# Width over height, and width in millimetres (ICAO 9303-3, ISO/IEC 7810).
FORMATS = ((85.6 / 53.98, 85.6), (105 / 74, 105), (125 / 88, 125), (125 / 88, 125), (120 / 80, 120))


@dataclass
class Line:
    """A line of text, in pixels: the middle of its box, its length, its thickness, its direction (radians)."""

    x: float
    y: float
    length: float
    thickness: float
    angle: float = 0.0


class Page:
    """A page under the printer: its ink, dark and less dark, and its lines."""

    def __init__(self, rng, width, height):
        self.rng, self.width, self.height = rng, width, height
        self.source = random.Random(int(rng.integers(1 << 30)))
        self.dark, self.faint = (Image.new("L", (width, height), 0) for _ in range(2))
        self.lines = []

    def write(self, text, x, base, cap, path=None, faint=False):
        """Prints a text with its base line at a height; returns where it ends."""
        path = path or choose_font(self.rng)
        text = drawable(text, path) if path else text
        return self.put(text, x, base, cap, path, faint)

    def put(self, text, x, base, cap, path, faint=False):
        font = font_of(path, max(5, round(cap)))
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        if text == "" or right - left < 2 or base + top < 0 or base + bottom > self.height or x + right > self.width:
            return x
        ImageDraw.Draw(self.faint if faint else self.dark).text((x, base), text, font=font, fill=255, anchor="ls")
        # Small letters alone still stand in a line as high as capitals.
        top, bottom = min(top, -0.8 * cap), max(bottom, 0)
        thickness = max(BOX_HEIGHT * cap, 1.1 * (bottom - top))
        length = right - left + BOX_MORE * thickness
        self.lines.append(Line(x + (left + right) / 2, base + (top + bottom) / 2, length, thickness))
        return x + right

    def spaced(self, text, x, base, cap, path, pitch, faint=False):
        """Prints characters one by one, at a pitch of their own."""
        start = len(self.lines)
        for index, character in enumerate(text):
            if character != " ":
                self.put(character, x + index * pitch, base, cap, path, faint)
        drawn = self.lines[start:]
        del self.lines[start:]
        if len(drawn) > 1:
            left = min(line.x - line.length / 2 for line in drawn)
            right = max(line.x + line.length / 2 for line in drawn)
            thickness = BOX_HEIGHT * cap
            self.lines.append(Line((left + right) / 2, base - cap / 2, right - left, thickness))


def zone_lines(source, rng):
    """The lines of a zone, and the millimetres that its page is wide at least."""
    kind = rng.integers(4)
    if kind == 0:
        return [td1_line(source) for _ in range(3)]
    length = 44 if kind > 1 else 36
    return [name_line(source, length), data_line(source, length)]


def set_zone(page, rng, bottom, millimetre):
    """Prints a zone; returns where it begins."""
    lines = zone_lines(page.source, rng)
    columns = max(map(len, lines))
    pitch = min(2.54 * millimetre * rng.uniform(0.92, 1.06), 0.96 * page.width / columns)
    cap = pitch * rng.uniform(0.82, 1.08)
    row = 2.5 * pitch * rng.uniform(0.72, 1.1)
    paths, weights = zip(*TRAINING_FONTS)
    path = paths[rng.choice(len(paths), p=np.array(weights) / sum(weights))]
    x = rng.uniform(0, max(1, page.width - columns * pitch))
    for index, text in enumerate(lines):
        page.spaced(text, x, bottom - (len(lines) - 1 - index) * row, cap, path, pitch)
    return bottom - (len(lines) - 1) * row - cap


def set_fields(page, rng, box, millimetre):
    """Fills a part of the page with fields: labels and values, in columns."""
    left, top, right, bottom = box
    cap = rng.uniform(1.6, 3.2) * millimetre
    small = cap * rng.uniform(0.45, 0.85)
    value_path, label_path = choose_font(rng), choose_font(rng)
    columns = int(rng.choice((1, 1, 2, 2, 3)))
    style = rng.choice(("above", "above", "above", "left", "none", "below"))
    tight = rng.uniform(0.2, 1.4)
    # Labels may all but touch the values below them.
    gap = rng.uniform(0, 0.3) * cap + rng.uniform(-0.05, 0.5) * small * tight
    y = top
    while y + 4 * cap < bottom:
        use = int(rng.integers(1, columns + 1))
        edges = np.linspace(left, right, use + 1)
        if use > 1:
            edges[1:-1] += rng.uniform(-0.15, 0.15, use - 1) * (right - left)
        advance = 0
        for start, end in zip(edges[:-1], edges[1:]):
            value = names(page.source) if rng.random() < 0.3 else random_print(page.source)
            label = LABELS[rng.integers(len(LABELS))]
            font = font_of(value_path, max(5, round(cap)))
            while len(value) > 3 and font.getlength(value) > 0.9 * (end - start):
                value = value[: len(value) * 2 // 3].strip()
            font = font_of(label_path, max(5, round(small)))
            while len(label) > 3 and font.getlength(label) > 0.9 * (end - start):
                label = label[: len(label) * 2 // 3].strip()
            if style == "above":
                page.write(label, start, y + small, small, label_path, faint=rng.random() < 0.6)
                page.write(value, start + rng.uniform(0, cap), y + small + gap + cap, cap, value_path)
            elif style == "below":
                page.write(value, start, y + cap, cap, value_path)
                page.write(label, start, y + cap * 1.1 + gap + small, small, label_path, faint=rng.random() < 0.6)
            elif style == "left":
                at = page.write(label, start, y + cap, small, label_path, faint=rng.random() < 0.6)
                if at < end - 4 * cap:
                    page.write(value[: max(2, int((end - at) / cap))], at + rng.uniform(1.2, 4) * cap, y + cap, cap, value_path)
            else:
                page.write(value, start, y + cap, cap, value_path)
            lone = style in ("left", "none")
            advance = max(advance, cap * 1.3 if lone else cap * 1.2 + small + gap)
        y += advance + cap * rng.uniform(0.1, 0.9) * tight


def set_paragraph(page, rng, box, millimetre):
    """Fills a part of the page with lines that follow each other closely."""
    left, top, right, bottom = box
    cap = rng.uniform(1.1, 2.6) * millimetre
    advance = cap * rng.uniform(1.45, 2.1)
    path = choose_font(rng)
    font = font_of(path, max(5, round(cap)))
    y = top + cap
    for _ in range(int(rng.integers(2, 9))):
        if y > bottom:
            return
        words = []
        while len(words) < 14 and font.getlength(" ".join(words)) < rng.uniform(0.5, 0.9) * (right - left):
            words += random_print(page.source).split()
        while words and font.getlength(" ".join(words)) > right - left:
            words.pop()
        page.write(" ".join(words), left, y, cap, path)
        y += advance


def portrait(page, rng, canvas, box):
    """A head before a ground, as grey values; nothing of it is text."""
    left, top, right, bottom = map(int, box)
    width, height = right - left, bottom - top
    if width < 12 or height < 12:
        return
    ground = rng.uniform(120, 240)
    part = np.full((height, width), ground, np.float32) + (smooth_noise(rng, height, width, 3) - 0.5) * rng.uniform(0, 50)
    skin, hair, cloth = rng.uniform(70, 220), rng.uniform(10, 190), rng.uniform(10, 230)
    middle = (int(width * rng.uniform(0.45, 0.55)), int(height * rng.uniform(0.38, 0.48)))
    axes = (int(width * rng.uniform(0.22, 0.3)), int(height * rng.uniform(0.24, 0.32)))
    cv2.ellipse(part, (middle[0], int(height * 1.1)), (int(width * 0.48), int(height * 0.4)), 0, 0, 360, cloth, -1)
    cv2.ellipse(part, (middle[0], int(middle[1] - axes[1] * 0.2)), (int(axes[0] * 1.15), int(axes[1] * 1.1)), 0, 0, 360, hair, -1)
    cv2.ellipse(part, middle, axes, 0, 0, 360, skin, -1)
    for side in (-1, 1):
        eye = (int(middle[0] + side * axes[0] * rng.uniform(0.36, 0.46)), int(middle[1] - axes[1] * 0.12))
        size = (max(1, axes[0] // 5), max(1, axes[1] // 12))
        cv2.ellipse(part, eye, size, 0, 0, 360, min(255, skin * rng.uniform(1, 1.4)), -1)
        cv2.circle(part, eye, size[1], skin * rng.uniform(0.1, 0.5), -1)
        cv2.ellipse(part, eye, size, 0, 180, 360, skin * 0.4, 1)
        brow = (eye[0], int(eye[1] - axes[1] * 0.16))
        cv2.ellipse(part, brow, (int(size[0] * 1.3), size[1]), 0, 190, 350, hair * 0.8, max(1, size[1] // 2))
    nose = (middle[0], int(middle[1] + axes[1] * 0.22))
    cv2.ellipse(part, nose, (max(1, axes[0] // 6), max(1, axes[1] // 14)), 0, 0, 180, skin * 0.6, max(1, axes[1] // 30))
    mouth = (middle[0], int(middle[1] + axes[1] * 0.52))
    cv2.ellipse(part, mouth, (axes[0] // 3, max(1, axes[1] // int(rng.integers(9, 20)))), 0, 0, 360, skin * rng.uniform(0.45, 0.8), -1)
    if rng.random() < 0.5:
        # Teeth, and other small marks in a row.
        cv2.line(part, (mouth[0] - axes[0] // 4, mouth[1]), (mouth[0] + axes[0] // 4, mouth[1]), min(255.0, skin * 1.4), 1)
    for _ in range(rng.integers(0, 40)):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        reach = rng.normal(0, 0.08 * width, 2)
        cv2.line(part, (x, y), (int(x + reach[0]), int(y + reach[1])), rng.choice((hair, cloth, skin)) * rng.uniform(0.5, 1.3), 1, cv2.LINE_AA)
    part = cv2.GaussianBlur(part, (0, 0), max(0.5, width / 120))
    part = part * (1 - 0.4 * smooth_noise(rng, height, width, 2)) + rng.normal(0, rng.uniform(1, 12), part.shape)
    if rng.random() < 0.3:
        part = part + security_print(height, width, rng) * rng.uniform(5, 25)
    mix = rng.uniform(0.6, 1)
    canvas[top:bottom, left:right] = canvas[top:bottom, left:right] * (1 - mix) + part * mix


def ornaments(page, rng, canvas, dark):
    """Emblems, rules, a signature, a barcode, a chip: marks that are no text."""
    height, width = canvas.shape
    if rng.random() < 0.5:
        for _ in range(rng.integers(1, 3)):
            middle = (int(rng.integers(0, width)), int(rng.integers(0, height)))
            radius = int(rng.uniform(0.03, 0.14) * width)
            for _ in range(rng.integers(2, 9)):
                axes = (max(1, int(radius * rng.uniform(0.2, 1))), max(1, int(radius * rng.uniform(0.2, 1))))
                cv2.ellipse(canvas, middle, axes, rng.uniform(0, 180), 0, int(rng.integers(90, 361)), rng.uniform(dark, 200), int(rng.integers(1, 4)))
    if rng.random() < 0.4:
        start = np.array((rng.uniform(0.1, 0.7) * width, rng.uniform(0.3, 0.8) * height))
        strokes = start + np.cumsum(rng.normal((0.012 * width, 0), (0.012 * width, 0.025 * height), (int(rng.integers(6, 22)), 2)), axis=0)
        curve = cv2.resize(strokes.astype(np.float32), (2, len(strokes) * 6), interpolation=cv2.INTER_CUBIC)
        cv2.polylines(canvas, [curve.astype(np.int32)], False, dark, int(rng.integers(1, 4)), cv2.LINE_AA)
    if rng.random() < 0.2:
        x, y = int(rng.uniform(0, 0.7) * width), int(rng.uniform(0, 0.8) * height)
        module, rows = int(rng.integers(1, 4)), int(rng.integers(6, 30))
        across = int(rng.uniform(0.1, 0.4) * width / module)
        cells = (rng.random((rows, max(8, across))) < 0.5).astype(np.float32)
        if rng.random() < 0.5:
            cells = np.repeat(cells[:1], rows, axis=0)
        code = np.kron(cells, np.ones((module if rng.random() < 0.5 else module * 3, module), np.float32))
        part = canvas[y : y + code.shape[0], x : x + code.shape[1]]
        part += (np.where(code[: part.shape[0], : part.shape[1]] > 0, dark, 235) - part) * 0.95
    if rng.random() < 0.15:
        x, y, side = int(rng.uniform(0, 0.8) * width), int(rng.uniform(0, 0.7) * height), int(0.1 * width)
        canvas[y : y + side, x : x + side] = rng.uniform(120, 200)
        for _ in range(6):
            row = y + int(rng.uniform(0, side))
            cv2.line(canvas, (x, row), (x + side, row), rng.uniform(60, 110), 1)
    for _ in range(rng.integers(0, 4)):
        row = int(rng.integers(0, height))
        x = int(rng.integers(0, width))
        cv2.line(canvas, (x, row), (x + int(rng.uniform(0.1, 0.8) * width), row), rng.uniform(dark, 200), int(rng.integers(1, 4)))


def draw_page(rng):
    """Grey values of a page, and its lines."""
    ratio, millimetres = FORMATS[rng.integers(len(FORMATS))]
    width = int(rng.uniform(560, 1080))
    height = int(width / ratio * rng.uniform(0.9, 1.1))
    millimetre = width / millimetres
    page = Page(rng, width, height)
    has_zone = rng.random() < 0.75
    foot = height - rng.uniform(0.02, 0.06) * height
    bottom = set_zone(page, rng, foot, millimetre) - rng.uniform(1, 5) * millimetre if has_zone else foot
    head = rng.uniform(1, 4) * millimetre
    title = rng.uniform(2, 5) * millimetre
    if rng.random() < 0.85:
        path = choose_font(rng)
        text = random_print(page.source).upper() if rng.random() < 0.6 else LABELS[rng.integers(len(LABELS))]
        if rng.random() < 0.25:
            page.spaced(text, rng.uniform(0.02, 0.3) * width, head + title, title, path, title * rng.uniform(1, 1.6))
        else:
            page.write(text, rng.uniform(0.02, 0.5) * width, head + title, title, path)
        if rng.random() < 0.5:
            page.write(LABELS[rng.integers(len(LABELS))], rng.uniform(0.02, 0.6) * width, head + title * 2, title * 0.55)
    body = (0.03 * width, head + title * 2.3, 0.97 * width, bottom)
    picture = None
    if rng.random() < 0.8:
        span = rng.uniform(0.22, 0.34) * width
        at = body[0] if rng.random() < 0.75 else body[2] - span
        tall = min(span * rng.uniform(1.15, 1.4), bottom - body[1])
        picture = (at, body[1], at + span, body[1] + tall)
        body = (at + span + 0.02 * width, body[1], body[2], bottom) if at < width / 3 else (body[0], body[1], at - 0.02 * width, bottom)
        if rng.random() < 0.4 and picture[3] + 4 * millimetre < bottom:
            page.write(number(page.source), at, picture[3] + 3.6 * millimetre, rng.uniform(1.6, 2.8) * millimetre)
    if rng.random() < 0.25:
        part = rng.uniform(0.25, 0.8) * (body[3] - body[1])
        set_paragraph(page, rng, (body[0], body[1], body[2], body[1] + part), millimetre)
        body = (body[0], body[1] + part + 3 * millimetre, body[2], body[3])
    set_fields(page, rng, body, millimetre)
    if rng.random() < 0.25:
        script, first, last = SCRIPTS[rng.integers(len(SCRIPTS))]
        for _ in range(rng.integers(1, 5)):
            text = "".join(" " if rng.random() < 0.15 else chr(rng.integers(first, last + 1)) for _ in range(rng.integers(3, 20))).strip()
            cap = rng.uniform(1.5, 4) * millimetre
            place_free(page, text, cap, f"{TRUETYPE}/noto/NotoSans{script}-Regular.ttf")
    for _ in range(int(rng.integers(0, 5))):
        place_free(page, random_print(page.source), rng.uniform(1.2, 5) * millimetre, choose_font(rng))
    return finished(page, rng, picture)


def place_free(page, text, cap, path):
    """Prints a text where nothing stands yet."""
    font = font_of(path, max(5, round(cap)))
    length = font.getlength(text)
    for _ in range(4):
        x, y = page.rng.uniform(0, max(1, page.width - length)), page.rng.uniform(2 * cap, page.height - cap)
        taken = any(abs(line.y - (y - cap / 2)) < 0.75 * (line.thickness + cap * BOX_HEIGHT) and abs(line.x - x - length / 2) < (line.length + length) / 2 + 2 * cap for line in page.lines)
        if not taken:
            page.put(text, x, y, cap, path)
            return


def finished(page, rng, picture):
    """Puts ink on paper."""
    width, height = page.width, page.height
    paper = rng.uniform(120, 250)
    dark = rng.uniform(0, paper - 70)
    canvas = np.full((height, width), paper, np.float32)
    if rng.random() < 0.6:
        canvas *= 1 - rng.uniform(0, 0.4) * smooth_noise(rng, height, width, rng.integers(2, 6))
    if rng.random() < 0.65:
        canvas += security_print(height, width, rng) * rng.uniform(0.05, 0.4) * (dark - paper) * rng.uniform(0.2, 0.7)
    ornaments(page, rng, canvas, dark)
    if picture:
        portrait(page, rng, canvas, picture)
    if rng.random() < 0.12:
        # A bar across the page, on which the ink is white.
        rows = slice(0, int(rng.uniform(0.08, 0.2) * height))
        canvas[rows] = rng.uniform(20, 90)
        ink = np.full((height, 1), dark, np.float32)
        ink[rows] = rng.uniform(180, 250)
    else:
        ink = np.full((height, 1), dark, np.float32)
    faint = ink + (canvas - ink) * rng.uniform(0, 0.5)
    canvas += (ink - canvas) * (np.asarray(page.dark, np.float32) / 255) * rng.uniform(0.75, 1)
    canvas += (faint - canvas) * (np.asarray(page.faint, np.float32) / 255)
    if rng.random() < 0.04:
        canvas = 255 - canvas
    return canvas, page.lines


def table(rng, side):
    """What a document lies on."""
    ground = np.full((side, side), rng.uniform(10, 250), np.float32)
    ground += (smooth_noise(rng, side, side, rng.integers(2, 8)) - 0.5) * rng.uniform(10, 120)
    if rng.random() < 0.5:
        grain = cv2.resize(rng.normal(0, rng.uniform(2, 30), (side, max(2, side // int(rng.integers(2, 40))))).astype(np.float32), (side, side))
        ground += grain if rng.random() < 0.5 else grain.T
    for _ in range(rng.integers(0, 7)):
        # Edges, keys, icons: whatever lies about.
        x, y = (int(rng.integers(0, side)) for _ in range(2))
        size = (int(rng.uniform(3, 60)), int(rng.uniform(3, 60)))
        shade, stroke = rng.uniform(0, 255), int(rng.choice((-1, 1, 2, 3)))
        if rng.random() < 0.5:
            cv2.rectangle(ground, (x, y), (x + size[0], y + size[1]), shade, stroke)
        else:
            cv2.ellipse(ground, (x, y), size, rng.uniform(0, 180), 0, int(rng.integers(60, 361)), shade, stroke)
    return ground + rng.normal(0, rng.uniform(0, 12), ground.shape).astype(np.float32)


def view(rng, page, lines):
    """One photograph of a page, the cores of its lines, both squares, the second half as large; and the lines as they stand in the first."""
    height, width = page.shape
    across = np.exp(rng.uniform(np.log(250), np.log(820)))
    across = float(np.clip(across, width / 2.2, width * 1.35))
    scale = across / width
    kind = rng.random()
    angle = rng.normal(0, 3) if kind > 0.25 else rng.uniform(-28, 28)
    if kind > 0.9:
        angle = rng.uniform(0, 360)
    elif kind > 0.8:
        angle += rng.choice((90, 180, 270))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    centred = (corners - (width / 2, height / 2)) * scale
    turn = np.deg2rad(angle)
    turned = centred @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    if rng.random() < 0.6:
        turned += rng.normal(0, rng.uniform(0.004, 0.03), (4, 2)) * across
    reach = np.maximum(0, (np.ptp(turned, axis=0) - WINDOW) / 2 + 30)
    turned += WINDOW / 2 + rng.uniform(-1, 1, 2) * reach
    homography = cv2.getPerspectiveTransform(corners, turned.astype(np.float32))
    if scale < 0.75:
        page = cv2.GaussianBlur(page, (0, 0), 0.35 / scale)
    photo = cv2.warpPerspective(page, homography, (WINDOW, WINDOW), flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones_like(page), homography, (WINDOW, WINDOW), flags=cv2.INTER_LINEAR)
    photo = photo + table(rng, WINDOW) * (1 - cover)
    core = np.zeros((WINDOW, WINDOW), np.uint8)
    for line in lines:
        draw_core(core, line, homography)
    core = core.astype(np.float32) / 255
    if rng.random() < 0.12:
        cover_up(rng, photo, core)
    # A thin core that falls between two rows of cells is to be found in both.
    small = np.clip(2 * cv2.resize(core, (WINDOW // 2, WINDOW // 2), interpolation=cv2.INTER_AREA) - 0.3, 0, 1)
    return photographed(np.clip(lit(photo, rng, CONDITIONS), 0, 255), rng), small, [seen(line, homography) for line in lines]


def corners_of(line, length, thickness, homography):
    """Where the corners of a box around a line's middle come to lie: left above first, and on clockwise."""
    corners = [(line.x + u * length / 2, line.y + v * thickness / 2) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return cv2.perspectiveTransform(np.array([corners], np.float32), homography)[0]


def seen(line, homography):
    """A line as it stands in a photograph."""
    placed = corners_of(line, line.length, line.thickness, homography)
    start, end = (placed[0] + placed[3]) / 2, (placed[1] + placed[2]) / 2
    top, bottom = (placed[0] + placed[1]) / 2, (placed[2] + placed[3]) / 2
    x, y = (start + end) / 2
    return Line(float(x), float(y), float(np.hypot(*(end - start))), float(np.hypot(*(bottom - top))), float(np.arctan2(*(end - start)[::-1])))


def draw_core(core, line, homography):
    box = seen(line, homography)
    found = max(box.thickness * CORE, THINNEST_CORE)
    placed = corners_of(line, line.length, line.thickness, homography)
    middle, along, across = placed.mean(axis=0), (placed[1] + placed[2] - placed[0] - placed[3]) / 2, (placed[2] + placed[3] - placed[0] - placed[1]) / 2
    along = along * max(box.length - 1.6 * found, found) / max(box.length, 1)
    across = across * max(found - CORE_THINNER, THINNEST_CORE) / max(box.thickness, 1)
    placed = np.array([middle + (u * along + v * across) / 2 for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    # Sixteenths of a pixel: cores are a few pixels high.
    cv2.fillConvexPoly(core, np.round(placed * 16 - 8).astype(np.int32), 255, cv2.LINE_AA, 4)


def cover_up(rng, photo, core):
    """A finger, or a reflection that leaves nothing."""
    mask = np.zeros_like(photo)
    middle = (int(rng.integers(0, WINDOW)), int(rng.integers(0, WINDOW)))
    cv2.ellipse(mask, middle, (int(rng.integers(15, 60)), int(rng.integers(15, 60))), rng.uniform(0, 180), 0, 360, 1.0, -1)
    photo[:] = photo * (1 - mask) + rng.uniform(60, 255) * mask
    core *= 1 - mask


def photographed(photo, rng):
    """Resolution, focus, movement, noise and compression."""
    if rng.random() < 0.4:
        side = int(WINDOW * rng.uniform(0.55, 0.95))
        photo = cv2.resize(cv2.resize(photo, (side, side), interpolation=cv2.INTER_AREA), (WINDOW, WINDOW), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.35:
        photo = defocused(photo, rng.uniform(0.4, 1.8)) if rng.random() < 0.5 else cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.3, 1.4))
    if rng.random() < 0.1:
        photo = moved(photo, rng, rng.uniform(1, 3))
    if rng.random() < 0.5:
        photo = photo + rng.normal(0, rng.uniform(1, 14), photo.shape).astype(np.float32)
    if rng.random() < 0.2:
        photo = photo + rng.uniform(0.3, 1.3) * (photo - cv2.GaussianBlur(photo, (0, 0), 1))
    photo = np.clip(photo, 0, 255)
    return compressed(photo, int(rng.integers(25, 95))) if rng.random() < 0.6 else photo
