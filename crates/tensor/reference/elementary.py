"""The coefficients of src/elementary.rs, and values to test it by.

Each polynomial interpolates its function at the zeros of a Chebyshev polynomial, computed with 60
digits: its largest error is within a few per cent of the least possible one. Then its coefficients
are rounded to the precision they serve.

Written with Python 3.11 and mpmath 1.3.
"""

import struct

from mpmath import cos, erfc, exp, findroot, inf, linspace, log, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60

CDF_POINTS = [-38.0, -30.0, -20.5, -12.25, -8.0, -6.5, -5.0, -4.25, -3.5, -3.0, -2.5, -2.0, -1.5, -1.25, -1.0, -0.75, -0.5,
              -0.25, -0.1, -1e-3, -1e-9, 0.0, 1e-9, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.5, 6.0, 8.5, 20.0]


def interpolate(f, low, high, terms):
    """Coefficients of the polynomial of so many terms that is f at Chebyshev points."""
    nodes = [(low + high) / 2 + (high - low) / 2 * cos((2 * i + 1) * pi / (2 * terms)) for i in range(terms)]
    vandermonde = matrix(terms, terms)
    for i, x in enumerate(nodes):
        for j in range(terms):
            vandermonde[i, j] = x**j
    return list(lu_solve(vandermonde, matrix([f(x) for x in nodes])))


def rounded(x, single):
    return struct.unpack("f", struct.pack("f", float(x)))[0] if single else float(x)


def worst(f, coefficients, low, high, weight):
    polynomial = lambda x: sum(c * x**i for i, c in enumerate(coefficients))
    return max(abs((polynomial(x) - f(x)) * weight(x)) for x in linspace(low, high, 1001))


# e^r = 1 + r + r² q(r) for |r| ≤ ½ ln 2.
half = log(2) / 2
q = lambda r: (exp(r) - 1 - r) / r**2 if abs(r) > mpf(10) ** -20 else mpf(1) / 2 + r / 6
# ln(1 + f) = f − f²/2 + s (f²/2 + z l(z)) with s = f / (2 + f), z = s²: 2 atanh(s) = 2s + s z l(z).
edge = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2
l = lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z if z > mpf(10) ** -20 else mpf(2) / 3 + 2 * z / 5

for name, single, terms_q, terms_l in [("f32", True, 6, 4), ("f64", False, 10, 7)]:
    for what, f, low, high, terms, weight in [
        ("EXP", q, -half, half, terms_q, lambda r: r**2 / exp(r)),
        ("LN", l, mpf(0), edge, terms_l, lambda z: z),
    ]:
        coefficients = [rounded(c, single) for c in interpolate(f, low, high, terms)]
        print(name, what, "error", nstr(worst(f, coefficients, low, high, weight), 3))
        print("   ", ", ".join(repr(c) for c in coefficients))
    # ln 2 in two parts, the first with room for the product with an exponent.
    bits = 24 - 9 if single else 53 - 12
    high = mpf(int(log(2) * 2**bits)) / 2**bits
    print(name, "LN_2", repr(rounded(high, single)), repr(rounded(log(2) - high, single)))

# Φ(x) for x ≤ 0: ½ e^(−x²/2) p(t) / (1 + 2z), z = |x| / √2, t = (z − 3) / (z + 3), after Shepherd and
# Laframboise (1981), *Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞*.
def p(t):
    z = 3 * (1 + t) / (1 - t)
    if z < 60:
        return (1 + 2 * z) * exp(z * z) * erfc(z)
    total = term = mpf(1)  # the asymptotic series of erfc
    for n in range(1, 30):
        term *= -(2 * n - 1) / (2 * z * z)
        total += term
    return (1 + 2 * z) * total / (z * sqrt(pi))


for name, single, terms in [("f32", True, 12), ("f64", False, 23)]:
    coefficients = [rounded(c, single) for c in interpolate(p, mpf(-1), mpf(1), terms)]
    print(name, "CDF error", nstr(worst(p, coefficients, mpf(-1), mpf("0.999"), lambda t: 1 / p(t)), 3))
    print("   ", ", ".join(repr(c) for c in coefficients))

# Values to test Φ by.
print("CDF", [(x, float(erfc(-mpf(x) / sqrt(2)) / 2)) for x in CDF_POINTS])
