#!/usr/bin/env python3
"""One comparison by another library: planted whole numbers of the same size as those of `vultus sealed bench`.

    peers.py NAME [--dimension 512] [--bits 2048] [--repeat 3] [--sealed-scale 1000] [--plain-scale 500]

NAME is phe, lightphe or tenseal. Prints one JSON object: milliseconds by the clock and of the processor of enrolling one
template, of one encrypted comparison and of its decryption, the median of the repetitions; `equal` tells whether the
decrypted product is that of the numbers in the clear (of CKKS, whose numbers are inexact: within 1e-3).
"""
import argparse
import json
import statistics
import time

import numpy


def timed(step):
    wall, processor = time.perf_counter(), time.process_time()
    value = step()
    return value, (time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3


def unit(random, dimension):
    vector = random.standard_normal(dimension)
    return vector / numpy.linalg.norm(vector)


def whole(vector, scale):
    return [int(round(x)) for x in vector * scale]


class Phe:
    def __init__(self, options):
        from phe import paillier
        self.open, self.secret = paillier.generate_paillier_keypair(n_length=options.bits)

    def enrol(self, template):
        return [self.open.encrypt(value) for value in template]

    def compare(self, sealed, probe):
        total = sealed[0] * probe[0]
        for c, q in zip(sealed[1:], probe[1:]):
            if q != 0:
                total = total + c * q
        return total

    def decrypt(self, total):
        return self.secret.decrypt(total)


class LightPhe:
    """Its vectors of numbers are compared number by number: `*` with a plain one, `+` of ciphertexts."""

    def __init__(self, options):
        from lightphe import LightPHE
        self.system = LightPHE(algorithm_name="Paillier", key_size=options.bits)
        self.n = self.system.cs.plaintext_modulo

    def enrol(self, template):
        return [self.system.encrypt(value % self.n) for value in template]

    def compare(self, sealed, probe):
        total = None
        for c, q in zip(sealed, probe):
            if q == 0:
                continue
            term = (q % self.n) * c
            total = term if total is None else total + term
        return total

    def decrypt(self, total):
        value = self.system.decrypt(total)
        return value - self.n if value > self.n // 2 else value


class TenSeal:
    def __init__(self, options):
        import tenseal
        self.tenseal = tenseal
        self.context = tenseal.context(tenseal.SCHEME_TYPE.CKKS, poly_modulus_degree=8192,
                                       coeff_mod_bit_sizes=[60, 40, 40, 60])
        self.context.global_scale = 2 ** 40
        self.context.generate_galois_keys()

    def enrol(self, template):
        return self.tenseal.ckks_vector(self.context, template)

    def compare(self, sealed, probe):
        return sealed.dot(probe)

    def decrypt(self, total):
        return total.decrypt()[0]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name", choices=["phe", "lightphe", "tenseal"])
    options.add_argument("--dimension", type=int, default=512)
    options.add_argument("--bits", type=int, default=2048)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--sealed-scale", type=int, default=1000)
    options.add_argument("--plain-scale", type=int, default=500)
    options = options.parse_args()
    random = numpy.random.default_rng(1)
    peer = {"phe": Phe, "lightphe": LightPhe, "tenseal": TenSeal}[options.name](options)
    template = unit(random, options.dimension)
    inexact = options.name == "tenseal"
    sealed_values = template.tolist() if inexact else whole(template, options.sealed_scale)
    sealed, enrol_wall, enrol_processor = timed(lambda: peer.enrol(sealed_values))
    rows = {"compare": ([], []), "decrypt": ([], [])}
    equal = True
    for _ in range(options.repeat):
        probe = unit(random, options.dimension)
        values = probe.tolist() if inexact else whole(probe, options.plain_scale)
        total, *compare = timed(lambda: peer.compare(sealed, values))
        value, *decrypt = timed(lambda: peer.decrypt(total))
        for name, times in (("compare", compare), ("decrypt", decrypt)):
            for kept, one in zip(rows[name], times):
                kept.append(one)
        expected = sum(a * b for a, b in zip(sealed_values, values))
        equal = equal and (abs(value - expected) < 1e-3 if inexact else value == expected)
    answer = {"name": options.name, "dimension": options.dimension, "bits": None if inexact else options.bits,
              "data": "planted", "equal": equal, "enrol_ms": {"wall": enrol_wall, "processor": enrol_processor}}
    for name, (wall, processor) in rows.items():
        answer[name + "_ms"] = {"wall": statistics.median(wall), "processor": statistics.median(processor)}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
