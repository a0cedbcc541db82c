"""A network of PyTorch in safetensors files, and what it predicts, for networks that start from such files.

    python transfer.py

writes transfer.json, and beside it

* transfer.safetensors: the state dict as PyTorch has it, in four types of numbers, with tensors that no
  weights are (a counter, a mask);
* transfer-inputs-first.safetensors: the same weights as Keras, Flax and burn store them, a row for each
  input.

The predictions are computed in double precision from the numbers in the files.
"""

import json
import pathlib
import platform

import safetensors
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
TYPES = {
    "fc1.weight": torch.float32,
    "fc1.bias": torch.float64,
    "fc2.weight": torch.float16,
    "fc2.bias": torch.float16,
    "fc3.weight": torch.bfloat16,
    "fc3.bias": torch.bfloat16,
}

torch.manual_seed(5)
network = torch.nn.Sequential()
for name, (inputs, outputs) in {"fc1": (4, 5), "fc2": (5, 5), "fc3": (5, 3)}.items():
    network.add_module(name, torch.nn.Linear(inputs, outputs))
    if name != "fc3":
        network.add_module(name + "-tanh", torch.nn.Tanh())

rounded = {name: network.state_dict()[name].to(dtype) for name, dtype in TYPES.items()}
# Half precision has numbers below its normal range; they count, too.
rounded["fc2.bias"][0] = 3e-6
network.double()
network.load_state_dict({name: tensor.double() for name, tensor in rounded.items()})

others = {
    "norm.num_batches_tracked": torch.tensor(7, dtype=torch.int64),
    "mask": torch.tensor([True, False]),
}
save_file({**rounded, **others}, HERE / "transfer.safetensors")
turned = {name: t.T.contiguous() if t.dim() == 2 else t for name, t in rounded.items()}
save_file(turned, HERE / "transfer-inputs-first.safetensors")

inputs = torch.randn(12, 4, dtype=torch.float64)
with torch.no_grad():
    predictions = torch.softmax(network(inputs), dim=1)
versions = {
    "python": platform.python_version(),
    "torch": torch.__version__,
    "safetensors": safetensors.__version__,
}
result = {
    "versions": versions,
    "inputs": inputs.flatten().tolist(),
    "predictions": predictions.flatten().tolist(),
}
(HERE / "transfer.json").write_text(json.dumps(result, indent=1) + "\n")
