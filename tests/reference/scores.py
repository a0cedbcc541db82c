"""Writes scores.json: scores of random predictions as scikit-learn computes them, and NumPy where it has
none (specificity, G-measure, top-label calibration error, relative squared error, Pearson with weights).

    python scores.py > scores.json

Versions go to stderr.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(11)


def weights(n):
    kind = rng.integers(3)
    return [np.ones(n), rng.integers(1, 5, n).astype(float), rng.integers(1, 400, n) / 128][kind]


def probabilities(n, classes):
    """Multiples of 1/64 that add up to 1, so that there are ties and no rounding."""
    cuts = np.sort(rng.integers(0, 65, (n, classes - 1)), axis=1)
    edges = np.hstack([np.zeros((n, 1)), cuts, np.full((n, 1), 64)])
    return np.diff(edges, axis=1) / 64


def divide(a, b):
    return a / b if b > 0 else 0.0


def of_counts(truth, guess, w, classes, over, measure):
    """A measure of (hits, false alarms, misses, rejections), averaged as scikit-learn does."""
    cells = []
    for k in classes:
        t, g = truth == k, guess == k
        cells.append([w[t & g].sum(), w[~t & g].sum(), w[t & ~g].sum(), w[~t & ~g].sum()])
    cells = np.array(cells)
    if over == "micro":
        return measure(*cells.sum(axis=0))
    values = [measure(*c) for c in cells]
    if over == "macro":
        return float(np.mean(values))
    return float(np.average(values, weights=cells[:, 0] + cells[:, 2]))


def specificity(hits, false_alarms, misses, rejections):
    return divide(rejections, rejections + false_alarms)


def g_measure(hits, false_alarms, misses, rejections):
    return divide(hits, np.sqrt((hits + false_alarms) * (hits + misses)))


def calibration_error(truth, guess, p, w, bins):
    confidence = p[np.arange(len(p)), guess]
    place = np.maximum(np.ceil(confidence * bins), 1) - 1
    total = 0.0
    for b in range(bins):
        of = place == b
        if of.any():
            total += abs((w[of] * (guess[of] == truth[of])).sum() - (w[of] * confidence[of]).sum())
    return total / w.sum()


def last_best(p):
    return p.shape[1] - 1 - p[:, ::-1].argmax(axis=1)


def classes(levels):
    n = int(rng.integers(8, 25))
    w, p = weights(n), probabilities(n, levels)
    p = np.clip(p, 1 / 64, None)
    p[:, 0] += 1 - p.sum(axis=1)
    p = np.abs(p)
    truth = rng.integers(0, levels, n)
    truth[:levels] = np.arange(levels)
    threshold = 0.5
    if levels == 2 and rng.random() < 0.5:
        threshold = int(rng.integers(5, 60)) / 64
    guess = (p[:, 1] >= threshold).astype(int) if threshold != 0.5 else last_best(p)
    scores = {
        '"balanced_accuracy"': m.balanced_accuracy_score(truth, guess, sample_weight=w),
        '"mcc"': m.matthews_corrcoef(truth, guess, sample_weight=w) if len(set(guess)) > 1 else None,
        '"kappa"': m.cohen_kappa_score(truth, guess, sample_weight=w),
        '"log_loss"': m.log_loss(truth, p, sample_weight=w) if (p > 0).all() else None,
        '"brier"': m.brier_score_loss(truth, p[:, 1] if levels == 2 else p, sample_weight=w, labels=range(levels)),
    }
    if levels > 2:
        scores['{"type":"top_k","k":2}'] = m.top_k_accuracy_score(truth, p, k=2, sample_weight=w, labels=range(levels))
    scores['"auc"'] = (
        m.roc_auc_score(truth, p[:, 1], sample_weight=w)
        if levels == 2
        else np.mean([m.roc_auc_score(truth == k, p[:, k], sample_weight=w) for k in range(levels)])
    )
    one = [m.average_precision_score(truth == k, p[:, k], sample_weight=w) for k in range(levels)]
    scores['"pr_auc"'] = one[1] if levels == 2 else float(np.mean(one))
    scores['{"type":"pr_auc","class":"c0"}'] = one[0]
    if threshold == 0.5:
        scores['"ece"'] = calibration_error(truth, guess, p, w, 10)
        scores['{"type":"ece","bins":3}'] = calibration_error(truth, guess, p, w, 3)
    for over in ["macro", "micro", "weighted"]:
        kind = {"average": over, "sample_weight": w, "zero_division": 0}
        name = lambda of, more="": '{"type":"%s","over":"%s"%s}' % (of, over, more)
        scores[name("precision")] = m.precision_score(truth, guess, **kind)
        scores[name("recall")] = m.recall_score(truth, guess, **kind)
        scores[name("f_beta")] = m.fbeta_score(truth, guess, beta=2, **kind)
        scores[name("f_beta", ',"beta":0.5')] = m.fbeta_score(truth, guess, beta=0.5, **kind)
        scores[name("specificity")] = of_counts(truth, guess, w, range(levels), over, specificity)
        scores[name("g_measure")] = of_counts(truth, guess, w, range(levels), over, g_measure)
    scores['{"type":"recall","over":{"class":"c1"}}'] = m.recall_score(truth == 1, guess == 1, sample_weight=w)
    p = p[:, 1:] if levels == 2 and rng.random() < 0.5 else p
    return case("classes", levels, truth, p, w, threshold, scores)


def answers(width):
    n = int(rng.integers(8, 20))
    w = weights(n)
    truth = rng.integers(0, 2, (n, width))
    truth[0], truth[1] = 0, 1
    p = rng.integers(0, 65, (n, width)) / 64
    guess = (p >= 0.5).astype(int)
    scores = {
        '"auc"': m.roc_auc_score(truth, p, average="macro", sample_weight=w),
        '"pr_auc"': m.average_precision_score(truth, p, average="macro", sample_weight=w),
    }
    for over in ["macro", "micro", "weighted"]:
        kind = {"average": over, "sample_weight": w, "zero_division": 0}
        for name, score in [("precision", m.precision_score), ("recall", m.recall_score)]:
            one = score(truth, guess, **kind) if width > 1 else score(truth[:, 0], guess[:, 0], sample_weight=w)
            scores['{"type":"%s","over":"%s"}' % (name, over)] = one
    return case("answers", width, truth, p, w, 0.5, scores)


def numbers(width):
    n = int(rng.integers(4, 25))
    w = weights(n)
    truth = rng.integers(-200, 800, (n, width)) / 32
    guess = truth + rng.integers(-90, 100, (n, width)) / 32 * np.arange(1, width + 1)
    if rng.random() < 0.3:
        truth, guess = np.abs(truth), np.abs(guess)
    kind = {"sample_weight": w}
    correlation = []
    for t, g in zip(truth.T, guess.T):
        t, g = t - np.average(t, weights=w), g - np.average(g, weights=w)
        correlation.append((w * t * g).sum() / np.sqrt((w * t * t).sum() * (w * g * g).sum()))
    scores = {
        '"mse"': m.mean_squared_error(truth, guess, **kind),
        '"mae"': m.mean_absolute_error(truth, guess, **kind),
        '"r2"': m.r2_score(truth, guess, **kind),
        '"rse"': 1 - m.r2_score(truth, guess, **kind),
        '"explained_variance"': m.explained_variance_score(truth, guess, **kind),
        '"pearson"': float(np.mean(correlation)),
        '"max_error"': float(np.abs(truth - guess).max()),
        '"mape"': m.mean_absolute_percentage_error(truth, guess, **kind) if (truth != 0).all() else None,
    }
    if min(truth.min(), guess.min()) > -1:
        scores['"msle"'] = m.mean_squared_log_error(truth, guess, **kind)
    return case("numbers", width, truth, guess, w, 0.5, scores)


def case(kind, features, targets, predictions, w, threshold, scores):
    return {
        "kind": kind,
        "features": features,
        "targets": np.asarray(targets, float).ravel().tolist(),
        "predictions": np.asarray(predictions, float).ravel().tolist(),
        "weights": w.tolist(),
        "threshold": threshold,
        "scores": {name: float(score) for name, score in scores.items() if score is not None},
    }


cases = [classes(int(rng.integers(2, 6))) for _ in range(110)]
cases += [answers(int(rng.integers(1, 5))) for _ in range(30)]
cases += [numbers(int(rng.integers(1, 4))) for _ in range(60)]
versions = {"python": sys.version.split()[0], "scikit-learn": sklearn.__version__, "numpy": np.__version__}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
print('{"versions":%s,"cases":[\n%s\n]}' % (json.dumps(versions), lines))
print(", ".join(f"{k} {v}" for k, v in versions.items()), file=sys.stderr)
