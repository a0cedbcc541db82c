"""Writes normalizers.json: what scikit-learn and SciPy make of tables that are easy to get wrong.

    python normalizers.py > normalizers.json

Each case has training rows (`train`, null for what is missing), rows that were not trained on (`other`), what is
fitted, and what both become. A likelihood is that of the fitted power, to be reached and not to be copied.
"""

import json
import warnings

import numpy as np
import scipy
import sklearn
from scipy.stats import yeojohnson_llf
from sklearn.decomposition import PCA
from sklearn.preprocessing import MaxAbsScaler, PowerTransformer, QuantileTransformer, RobustScaler

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)


def tables():
    normal = rng.normal(size=(40, 3)) * [1, 100, 0.01] + [5, -1000, 0]
    skewed = np.c_[rng.lognormal(size=30), -rng.lognormal(size=30) ** 2, rng.gamma(0.5, size=30)]
    ties = np.c_[rng.integers(0, 4, 25), rng.integers(-2, 3, 25), np.round(rng.normal(size=25), 1)]
    outliers = rng.normal(size=(35, 2)) * [1, 10]
    outliers[3] = [1e6, -1e9]
    missing = rng.normal(size=(30, 3)) * [1, 2, 30] + 10
    missing[rng.random(missing.shape) < 0.3] = np.nan
    sizes = rng.normal(size=(20, 2)) * [1e12, 1e-4] + [1e13, 2e-3]
    many = rng.normal(size=(60, 1)) ** 3
    return {
        "normal": normal, "skewed": skewed, "ties": ties, "outliers": outliers,
        "missing": missing, "sizes": sizes, "many": many,
    }


def rows(x):
    return [[None if np.isnan(v) else float(v) for v in row] for row in np.asarray(x, dtype=float)]


def case(x):
    spread = np.nanmax(x, 0) - np.nanmin(x, 0)
    other = np.nanmin(x, 0) + spread * rng.uniform(-0.2, 1.2, size=(6, x.shape[1]))
    both = lambda fitted: {"train": rows(fitted.transform(x)), "other": rows(fitted.transform(other))}
    out = {"train": rows(x), "other": rows(other)}
    robust = RobustScaler().fit(x)
    out["robust"] = {"median": robust.center_.tolist(), "range": robust.scale_.tolist(), **both(robust)}
    wide = RobustScaler(quantile_range=(10, 95), unit_variance=True).fit(x)
    out["robust-wide"] = {"median": wide.center_.tolist(), "range": wide.scale_.tolist(), **both(wide)}
    largest = MaxAbsScaler().fit(x)
    out["max-abs"] = {"largest": largest.scale_.tolist(), **both(largest)}
    for distribution in ("uniform", "normal"):
        for count in (7, 1000):
            fitted = QuantileTransformer(
                n_quantiles=count, output_distribution=distribution, subsample=None).fit(x)
            # Missing numbers do not count: scikit-learn makes as many quantiles as there are rows. Where
            # each row is a quantile, it is the number itself; scikit-learn's is off by rounding, which makes
            # another number of what is tied.
            if count > len(x) and not np.isnan(x).any():
                assert np.allclose(fitted.quantiles_, np.sort(x, 0), rtol=1e-9, atol=1e-6 * np.abs(x).max())
                fitted.quantiles_ = np.sort(x, 0)
            out[f"quantile-{distribution}-{count}"] = {
                "quantiles": rows(fitted.quantiles_.T), **both(fitted)}
    power = PowerTransformer().fit(x)
    likelihood = [float(yeojohnson_llf(l, c[~np.isnan(c)])) for l, c in zip(power.lambdas_, x.T)]
    out["yeo-johnson"] = {"lambda": power.lambdas_.tolist(), "likelihood": likelihood, **both(power)}
    if not np.isnan(x).any() and x.shape[1] > 1:
        standard = (x - x.mean(0)) / x.std(0)
        other = (other - x.mean(0)) / x.std(0)
        for whiten in (True, False):
            pca = PCA(whiten=whiten, svd_solver="full").fit(standard)
            out["pca-whitened" if whiten else "pca"] = {
                "components": pca.components_.tolist(), "deviation": np.sqrt(pca.explained_variance_).tolist(),
                "train": rows(pca.transform(standard)), "other": rows(pca.transform(other)),
                "standard": rows(standard), "standard-other": rows(other)}
        share = PCA(n_components=0.8, svd_solver="full").fit(standard)
        out["pca-share"] = {"components": share.components_.tolist()}
    return out


versions = f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, numpy {np.__version__}"
cases = {"versions": versions, **{name: case(x) for name, x in tables().items()}}
print(json.dumps(cases, indent=None, separators=(",", ":")).replace('},"', '},\n"'))
