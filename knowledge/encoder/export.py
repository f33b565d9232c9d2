"""The encoder's weights as two files that kept libraries run: a network for onnxruntime, pieces for sentencepiece.

Made once, where the packages of the extra "meaning" are installed; serving reads only the two files. The network takes
[text, piece] and gives [text, 384], of length 1. Its matrices keep their 4 bits: onnxruntime multiplies
by them as they are (com.microsoft.MatMulNBits). Of the vocabulary, only the pieces are kept that a question can
hold: its words come in small letters without accents (knowledge.words.text).
"""

import re
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sentencepiece import sentencepiece_model_pb2

from knowledge.encoder.weights import BLOCK, Bytes, Matrix, Weights

spm: Any = sentencepiece_model_pb2  # made when it is imported, so that nothing tells its types
FUSED = "com.microsoft"  # onnxruntime's own operators: several steps of a network in one
INT8 = 4  # accuracy level of MatMulNBits: what is multiplied is rounded to 8 bits
_PLAIN = re.compile("[\u2581!-@\\[-~]+")


def exported() -> tuple[bytes, bytes]:
    """The network and the pieces. Raises ImportError or LookupError without the packages to make them."""
    weights = Weights()
    return network(weights), pieces(weights)


def kept(weights: Weights) -> list[int]:
    """The pieces to keep, in order: the marks at the beginning of the vocabulary, and all that a question can hold."""
    marks = max(weights.first, weights.last, weights.padding, weights.unknown)
    return [i for i, piece in enumerate(weights.pieces) if i <= marks or _PLAIN.fullmatch(piece.text)]


def pieces(weights: Weights) -> bytes:
    """The tokenizer, as a model of sentencepiece that knows the pieces of `kept`."""
    model = spm.ModelProto()
    kinds = dict.fromkeys((weights.first, weights.last, weights.padding), spm.ModelProto.SentencePiece.CONTROL)
    kinds[weights.unknown] = spm.ModelProto.SentencePiece.UNKNOWN
    for number in kept(weights):
        piece = weights.pieces[number]
        kind = kinds.get(number, spm.ModelProto.SentencePiece.NORMAL)
        model.pieces.add(piece=piece.text, score=piece.score, type=kind)
    model.trainer_spec.model_type = spm.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(model.pieces)
    model.trainer_spec.unk_id, model.trainer_spec.pad_id = weights.unknown, weights.padding
    model.trainer_spec.bos_id, model.trainer_spec.eos_id = weights.first, weights.last
    model.normalizer_spec.name = "identity"
    return bytes(model.SerializeToString())


def network(weights: Weights) -> bytes:
    """The network, as a model of ONNX."""
    return _Network(weights).model()


class _Network:
    """Builds the graph node by node; each method adds what it is named after and returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def model(self) -> bytes:
        weights, width = self.weights, self.weights.width
        found = self._embedded()
        for layer in range(weights.layers):
            found = self._layer(found, f"l{layer}.")
        mean = self._node("ReduceMean", [found, self._tensor("axes", np.array([1]))], "mean", keepdims=0)
        self._node("LpNormalization", [mean], "vector", axis=-1, p=2)
        graph = helper.make_graph(
            self.nodes,
            "encoder",
            [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["text", "piece"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["text", width])],
            self.tensors,
        )
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
        return bytes(helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString())

    def _embedded(self) -> str:
        """The vectors of the pieces and of their places, added and brought to one scale."""
        weights = self.weights
        table = weights.words.rows(kept(weights))
        self._tensor("words", _packed(table.nibbles).reshape(len(table.nibbles), -1))
        self._tensor("words.scale", table.scales)
        by = {"bits": 4, "block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
        words = self._node("GatherBlockQuantized", ["words", "pieces", "words.scale"], "word", FUSED, **by)
        places = weights.vector("emb.pos").reshape(-1, weights.width) + weights.vector("emb.type")[: weights.width]
        self._tensor("places", places[None])
        shape = self._node("Shape", ["pieces"], "length", start=1)
        zero, one = self._tensor("zero", np.array([0])), self._tensor("one", np.array([1]))
        here = self._node("Slice", ["places", zero, shape, one], "place")
        added = self._node("Add", [words, here], "embedded")
        scale = [self._tensor(f"emb.ln.{part}", weights.vector(f"emb.ln.{part}")) for part in "wb"]
        return self._node("LayerNormalization", [added, *scale], "normal", epsilon=weights.epsilon, axis=-1)

    def _layer(self, given: str, name: str) -> str:
        """One layer of the transformer: attention, then two matrices, each added to what came in."""
        weights, width, inner = self.weights, self.weights.width, self.weights.inner
        matrices = [weights.matrix(f"{name}{part}.w", width, width) for part in "qkv"]
        joined = Matrix(
            *(np.concatenate(parts) for parts in zip(*((m.nibbles, m.scales) for m in matrices), strict=True))
        )
        bias = np.concatenate([weights.vector(f"{name}{part}.b") for part in "qkv"])
        self._dense(given, joined, bias, f"{name}qkv")
        split = [f"{name}{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [f"{name}qkv"], split, axis=-1, num_outputs=3))
        attended = self._node("MultiHeadAttention", split, f"{name}attended", FUSED, num_heads=weights.heads)
        out = self._dense(
            attended, weights.matrix(f"{name}ao.w", width, width), weights.vector(f"{name}ao.b"), f"{name}ao"
        )
        middle = self._added(out, given, f"{name}aln")
        up = self._dense(
            middle, weights.matrix(f"{name}fi.w", inner, width), weights.vector(f"{name}fi.b"), f"{name}fi"
        )
        bent = self._node("Gelu", [up], f"{name}gelu", FUSED)
        down = self._dense(
            bent, weights.matrix(f"{name}fo.w", width, inner), weights.vector(f"{name}fo.b"), f"{name}fo"
        )
        return self._added(down, middle, f"{name}oln")

    def _dense(self, given: str, matrix: Matrix, bias: np.ndarray, name: str) -> str:
        rows, blocks, _ = matrix.nibbles.shape
        inputs = [given, self._tensor(f"{name}.w", _packed(matrix.nibbles))]
        inputs += [self._tensor(f"{name}.s", matrix.scales.reshape(-1)), "", "", self._tensor(f"{name}.b", bias)]
        sizes = {"K": blocks * BLOCK, "N": rows, "bits": 4, "block_size": BLOCK, "accuracy_level": INT8}
        return self._node("MatMulNBits", inputs, name, FUSED, **sizes)

    def _added(self, one: str, other: str, name: str) -> str:
        """The sum of both, brought to one scale."""
        scale = [self._tensor(f"{name}.{part}", self.weights.vector(f"{name}.{part}")) for part in "wb"]
        return self._node("SkipLayerNormalization", [one, other, *scale], name, FUSED, epsilon=self.weights.epsilon)

    def _node(self, kind: str, inputs: list[str], output: str, domain: str = "", **how: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **how))
        return output

    def _tensor(self, name: str, values: np.ndarray) -> str:
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _packed(nibbles: Bytes) -> Bytes:
    """Two neighbours in a byte, the first one low: onnxruntime's order."""
    return np.asarray(nibbles[..., 0::2] | (nibbles[..., 1::2] << 4), np.uint8)
