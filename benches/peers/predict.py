"""Prediction by ONNX Runtime, or by PyTorch (`predict.py torch`): the same network, with normalizer and softmax, or a
recurrent one that is given a sequence step by step.

The rows are float32 already, which is what both take; tanren takes float64.
"""

import sys

import numpy as np
from protocol import THREADS, serve

TORCH = "torch" in sys.argv[1:]
UNSEEN = 1000  # rows between two looks at the clock, which takes as long as a row on some machines


def repeated(workload, predict):
    """Predicts so many rows, a batch at a time."""
    calls = max(1, UNSEEN // workload["rows"])

    def predict_all():
        for _ in range(calls):
            predict()

    predict_all.rows = calls * workload["rows"]
    return predict_all


def numbers(workload):
    """Rows, their means and deviations, and weights and biases of every layer."""
    random = np.random.default_rng(1)
    sizes = workload["sizes"]
    rows = random.random((workload["rows"], sizes[0]), dtype=np.float32)
    mean, deviation = np.full(sizes[0], 0.5, np.float32), np.full(sizes[0], 0.29, np.float32)
    layers = [
        (
            random.normal(0, (2 / inputs) ** 0.5, (units, inputs)).astype(np.float32),
            np.zeros(units, np.float32),
        )
        for inputs, units in zip(sizes, sizes[1:])
    ]
    return rows, mean, deviation, layers


def lstm(workload):
    """The weights of the only layer of an LSTM, and of the dense one above it; and the indices of a sequence."""
    random = np.random.default_rng(1)
    inputs, units, classes = workload["sizes"]
    normal = lambda *shape: random.normal(0, 0.05, shape).astype(np.float32)
    weights = normal(4 * units, inputs), normal(4 * units, units), normal(4 * units)
    return weights, normal(classes, units), random.integers(0, inputs, workload["steps"])


def stream_onnx(workload):
    """A model of one step, whose state is handed back to it."""
    (w, u, b), last, indices = lstm(workload)
    inputs, units, classes = workload["sizes"]
    one_hot = np.eye(inputs, dtype=np.float32).reshape(inputs, 1, 1, inputs)
    constants = {
        "w": w[None],
        "u": u[None],
        "b": np.concatenate([b, 0 * b])[None],
        "last": last,
        "shape": np.array([1, units]),
    }
    nodes = [
        helper.make_node(
            "LSTM", ["x", "w", "u", "b", "", "h", "c"], ["", "h1", "c1"], hidden_size=units
        ),
        helper.make_node("Reshape", ["h1", "shape"], ["rows"]),
        helper.make_node("Gemm", ["rows", "last"], ["z"], transB=1),
        helper.make_node("Softmax", ["z"], ["probabilities"]),
    ]
    port = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    states = [port(name, 1, 1, units) for name in ("h", "c")]
    after = [port(name, 1, 1, units) for name in ("h1", "c1")]
    graph = helper.make_graph(
        nodes,
        "step",
        [port("x", 1, 1, inputs), *states],
        [port("probabilities", 1, classes), *after],
        [numpy_helper.from_array(numbers, name) for name, numbers in constants.items()],
    )
    session = onnx_session(graph)
    state, at = [np.zeros((1, 1, units), np.float32)] * 2, 0

    def step():
        nonlocal state, at
        given = {"x": one_hot[indices[at]], "h": state[0], "c": state[1]}
        _, *state = session.run(None, given)
        at = (at + 1) % len(indices)

    return repeated(workload, step)


def stream_torch(workload):
    weights, last, indices = lstm(workload)
    inputs, units, classes = workload["sizes"]
    cell, linear = torch.nn.LSTM(inputs, units), torch.nn.Linear(units, classes)
    with torch.no_grad():
        cell.weight_ih_l0[:], cell.weight_hh_l0[:] = map(torch.from_numpy, weights[:2])
        linear.weight[:] = torch.from_numpy(last)
    one_hot, state, at = torch.eye(inputs).reshape(inputs, 1, 1, inputs), None, 0

    def step():
        nonlocal state, at
        with torch.inference_mode():
            h, state = cell(one_hot[indices[at]], state)
            at = (at + 1) % len(indices)
            return torch.softmax(linear(h), -1)

    return repeated(workload, step)


def make_onnx(workload):
    if "hidden" in workload:
        return stream_onnx(workload)
    rows, mean, deviation, layers = numbers(workload)
    constants = {"mean": mean, "deviation": deviation}
    nodes = [
        helper.make_node("Sub", ["rows", "mean"], ["centered"]),
        helper.make_node("Div", ["centered", "deviation"], ["x0"]),
    ]
    for k, (weight, bias) in enumerate(layers):
        constants |= {f"w{k}": weight, f"b{k}": bias}
        last = k + 1 == len(layers)
        after, output = ("Softmax", "probabilities") if last else ("Relu", f"x{k + 1}")
        nodes.append(helper.make_node("Gemm", [f"x{k}", f"w{k}", f"b{k}"], [f"z{k}"], transB=1))
        nodes.append(helper.make_node(after, [f"z{k}"], [output]))
    port = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])
    graph = helper.make_graph(
        nodes,
        "network",
        [port("rows", rows.shape[1])],
        [port("probabilities", workload["sizes"][-1])],
        [numpy_helper.from_array(numbers, name) for name, numbers in constants.items()],
    )
    session, given = onnx_session(graph), {"rows": rows}
    return repeated(workload, lambda: session.run(None, given))


def onnx_session(graph):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def make_torch(workload):
    if "hidden" in workload:
        return stream_torch(workload)
    rows, mean, deviation, layers = [
        torch.from_numpy(part) if isinstance(part, np.ndarray) else part
        for part in numbers(workload)
    ]
    layers = [(torch.from_numpy(weight), torch.from_numpy(bias)) for weight, bias in layers]

    def predict():
        with torch.inference_mode():
            x = (rows - mean) / deviation
            for weight, bias in layers[:-1]:
                x = torch.relu(torch.nn.functional.linear(x, weight, bias))
            return torch.softmax(torch.nn.functional.linear(x, *layers[-1]), 1)

    return repeated(workload, predict)


if TORCH:
    import torch

    torch.set_num_threads(THREADS)
    serve(f"PyTorch {torch.__version__.split('+')[0]}", make_torch)
else:
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    serve(f"ONNX Runtime {onnxruntime.__version__}", make_onnx)
