"""Writes digits.bin and iris.bin, the embedded data sets, from scikit-learn's copies.

    python make.py OUTPUT_FOLDER [--optdigits FILE] [--iris FILE]

With the UCI originals (optdigits.tes and iris.data, with or without a header row) it also checks
that the files say the same.

digits.bin: 1797 records of 41 bytes: the digit, then 8 pixel rows of 5 bytes. Each pixel row is a
40-bit little-endian integer whose bits 5c .. 5c + 4 are the pixel in column c, 0 to 16.

iris.bin: 150 records of 5 bytes: sepal length, sepal width, petal length, petal width in tenths
of a centimetre, then the species.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris


def digits():
    """Pixels (1797, 64) and digits (1797,), both as integers."""
    data = load_digits()
    pixels = data.data.astype(np.uint8)
    assert (pixels == data.data).all() and pixels.shape == (1797, 64) and pixels.max() == 16
    return pixels, data.target.astype(np.uint8)


def iris():
    """Tenths of a centimetre (150, 4) and species (150,), both as integers."""
    data = load_iris()
    tenths = np.rint(data.data * 10).astype(np.uint8)
    assert (tenths / 10 == data.data).all() and tenths.shape == (150, 4)
    return tenths, data.target.astype(np.uint8)


def pack(pixels, labels):
    out = bytearray()
    for image, label in zip(pixels.tolist(), labels.tolist()):
        out.append(label)
        for r in range(8):
            row = sum(p << 5 * c for c, p in enumerate(image[8 * r : 8 * r + 8]))
            out += row.to_bytes(5, "little")
    return bytes(out)


def table(path):
    """The rows of a CSV file, without a header row and empty lines."""
    rows = [row for row in csv.reader(Path(path).open()) if row]
    return rows if rows[0][0].replace(".", "").isdigit() else rows[1:]


def check_digits(path, pixels, labels):
    original = np.array(table(path), dtype=int)
    assert (original[:, :64] == pixels).all() and (original[:, 64] == labels).all()
    print("digits: equal to the UCI original")


def check_iris(path, tenths, labels):
    rows = table(path)
    original = np.rint(np.array([r[:4] for r in rows], dtype=float) * 10).astype(int)
    species = [r[4].removeprefix("Iris-") for r in rows]
    assert species == [load_iris().target_names[k] for k in labels]
    differing = np.flatnonzero((original != tenths).any(axis=1)).tolist()
    assert differing == [34, 37], differing
    print("iris: equal to the UCI original except in rows 34 and 37 (from 0), its known errors")


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("output", type=Path)
parser.add_argument("--optdigits")
parser.add_argument("--iris")
arguments = parser.parse_args()
print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}")

pixels, digit = digits()
tenths, species = iris()
if arguments.optdigits:
    check_digits(arguments.optdigits, pixels, digit)
if arguments.iris:
    check_iris(arguments.iris, tenths, species)
(arguments.output / "digits.bin").write_bytes(pack(pixels, digit))
(arguments.output / "iris.bin").write_bytes(np.column_stack([tenths, species]).tobytes())
