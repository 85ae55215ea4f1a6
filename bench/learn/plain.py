#!/usr/bin/env python3
"""The same network and the same steps as bench/learn/main.cpp, as one writes them for Debian's python3-torch.

    plain.py --weights FILE [--network cnn|encoder] [--samples 512] [--batch 32] [--epochs 3] [--threads 1]

Reads the weights that bench_learn wrote, so that both begin alike. Prints one JSON object.
"""
import argparse
import json
import math
import struct
import time

import torch
from torch import nn
from torch.nn import functional as F

SIDE, CLASSES, WIDTH = 48, 7, 128


def conv(inputs, outputs, kernel=3, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.branch = nn.Sequential(conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs), nn.ReLU(),
                                    conv(outputs, outputs), nn.BatchNorm2d(outputs))
        self.shortcut = None
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.branch(x) + (x if self.shortcut is None else self.shortcut(x)))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage0 = nn.Sequential(conv(3, 32), nn.BatchNorm2d(32), nn.ReLU(), Residual(32, 32, 1), Residual(32, 32, 1))
        self.stage1 = nn.Sequential(Residual(32, 64, 2), Residual(64, 64, 1))
        self.stage2 = nn.Sequential(Residual(64, WIDTH, 2), Residual(WIDTH, WIDTH, 1))

    def forward(self, x):
        return self.stage2(self.stage1(self.stage0(x)))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Patches(nn.Module):
    def __init__(self, patch=8):
        super().__init__()
        self.conv = nn.Conv2d(3, WIDTH, patch, patch)

    def forward(self, x):
        return self.conv(x).flatten(2).transpose(1, 2)


class Positions(nn.Module):
    def __init__(self, tokens=36):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(1, tokens, WIDTH))
        self.class_token = nn.Parameter(torch.zeros(1, 1, WIDTH))

    def forward(self, x):
        return torch.cat([self.class_token.expand(len(x), 1, WIDTH), x + self.table], 1)


class Attention(nn.Module):
    def __init__(self, heads=4):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (layer(x).view(n, t, self.heads, -1).transpose(1, 2) for layer in (self.query, self.key, self.value))
        shares = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(d // self.heads), 3)
        return self.out((shares @ v).transpose(1, 2).reshape(n, t, d))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.chain = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        return self.chain(x)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.mlp_norm = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.attention, self.mlp = Attention(), Mlp()
        self.gamma, self.mlp_gamma = nn.Parameter(torch.full((WIDTH,), 0.1)), nn.Parameter(torch.full((WIDTH,), 0.1))

    def forward(self, x):
        x = x + self.attention(self.norm(x)) * self.gamma
        return x + self.mlp(self.mlp_norm(x)) * self.mlp_gamma


class Encoder(nn.Module):
    def __init__(self, layers=4):
        super().__init__()
        for i in range(layers):
            self.add_module(f"layer{i}", Layer())
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x):
        for layer in list(self.children())[:-1]:
            x = layer(x)
        return self.norm(x)


class First(nn.Module):
    def forward(self, x):
        return x[:, 0]


def network(name):
    if name == "cnn":
        return nn.Sequential(Cnn(), Mean(), nn.Linear(WIDTH, CLASSES))
    return nn.Sequential(Patches(), Positions(), Encoder(), First(), nn.Linear(WIDTH, CLASSES))


def read_weights(path):
    """Tensors of a safetensors file: its head is JSON behind eight bytes of length."""
    data = path.read()
    length, = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = bytearray(data[8 + length + begin:8 + length + end])
        tensors[name] = torch.frombuffer(raw, dtype=torch.float32).reshape(entry["shape"])
    return tensors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=argparse.FileType("rb"), required=True)
    parser.add_argument("--network", choices=["cnn", "encoder"], default="cnn")
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    net = network(options.network)
    missing, unexpected = net.load_state_dict(read_weights(options.weights), strict=False)
    # Only the counters of BatchNorm are this library's own.
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    count = options.samples * 3 * SIDE * SIDE
    pictures = ((torch.arange(count) * 7919).remainder(1000).float() / 500 - 1).view(options.samples, 3, SIDE, SIDE)
    labels = torch.arange(options.samples) % CLASSES
    with torch.no_grad():
        net.eval()
        which = torch.arange(options.batch)
        first = F.cross_entropy(net(pictures[which]), labels[which]).item()
    net.train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
    steps = options.samples // options.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps * options.epochs)
    ends, used = [], []
    for _ in range(options.epochs):
        order = torch.randperm(options.samples)
        total = 0.0
        for step in range(steps):
            which = order[step * options.batch:(step + 1) * options.batch]
            loss = F.cross_entropy(net(pictures[which]), labels[which])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        ends.append(time.perf_counter())
        used.append(time.process_time())
    learnt = steps * options.batch * (options.epochs - 1)
    print(json.dumps({"network": options.network, "parameters": sum(p.numel() for p in net.parameters()),
                      "first_loss": first, "torch": torch.__version__,
                      "samples_per_second": learnt / (ends[-1] - ends[0]),
                      "samples_per_processor_second": learnt / (used[-1] - used[0])}))


if __name__ == "__main__":
    main()
