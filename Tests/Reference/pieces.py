"""SentencePiece models that are trained here, the same in the form of Hugging Face's `tokenizer.json`, and the ids that Python's
package cuts texts into: what ours must agree with.

    python pieces.py FOLDER < texts.json > ids.json

Writes `unigram.model` and `bytes.model` (merges, with bytes for what is unknown), and the exports' files `xlmr.json` and
`gemma.json` made of them. The answer has a list of ids for each text under each of the four names.
"""
import base64
import io
import json
import sys
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

SENTENCES = """a photo of a dog on the beach
two dogs are running along the shore in the morning light
snow on the mountains and a red cabin under the trees
a birthday cake with candles on the table of the garden
children playing football on a field behind the house
Über den Wolken muss die Freiheit wohl grenzenlos sein
le café naïve à la crème brûlée, déjà vu
собака бежит по пляжу утром
ο σκύλος τρέχει στην παραλία
כלב רץ על החוף
كلب يركض على الشاطئ
犬が浜辺を走っている
海滩上的狗和山
개가 해변을 달린다
price 1 2 3 4 5 6 7 8 9 0 % # @ / ? ! . , ; : ' " ( ) -
""".splitlines()


def train(path, **options):
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 4), model_writer=file, hard_vocab_limit=False, num_threads=1, minloglevel=2, **options
    )
    path.write_bytes(file.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=file.getvalue())


def parts(path):
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(path.read_bytes())
    return model


def marks(*names):
    return [{"id": number, "content": name, "special": True} for number, name in names]


def template(*order):
    ids = {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in order if name}
    single = [{"SpecialToken": {"id": name, "type_id": 0}} if name else {"Sequence": {"id": "A", "type_id": 0}} for name, _ in order]
    return {"type": "TemplateProcessing", "single": single, "special_tokens": ids}


def xlmr(model):
    """XLM-R's order: four marks, then the pieces of the model without its own three."""
    pieces = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], *([p.piece, p.score] for p in model.pieces[3:]), ["<mask>", 0.0]]
    charsmap = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    return {
        "added_tokens": marks((0, "<s>"), (1, "<pad>"), (2, "</s>"), (3, "<unk>"), (len(pieces) - 1, "<mask>")),
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Precompiled", "precompiled_charsmap": charsmap},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": template(("<s>", 0), (None, None), ("</s>", 2)),
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }  # fmt: skip


def gemma(model):
    """Gemma's form: merges in the order of the pieces that they make."""
    vocab = {p.piece: number for number, p in enumerate(model.pieces)}
    merges = []
    for piece, number in vocab.items():
        if model.pieces[number].type == 1:
            merges += [(number, piece[:i], piece[i:]) for i in range(1, len(piece)) if piece[:i] in vocab and piece[i:] in vocab]
    return {
        "added_tokens": marks((0, "<unk>"), (1, "<s>"), (2, "</s>")),
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": None,
        "post_processor": template((None, None), ("</s>", 2)),
        "model": {"type": "BPE", "byte_fallback": True, "unk_token": "<unk>", "vocab": vocab, "merges": [[a, b] for _, a, b in merges]},
    }


def main():
    folder = Path(sys.argv[1])
    texts = json.load(sys.stdin)
    unigram = train(folder / "unigram.model", vocab_size=300, model_type="unigram", normalization_rule_name="nmt_nfkc")
    merged = train(
        folder / "bytes.model", vocab_size=520, model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
        add_dummy_prefix=False, remove_extra_whitespaces=False,
    )  # fmt: skip
    (folder / "xlmr.json").write_text(json.dumps(xlmr(parts(folder / "unigram.model"))))
    (folder / "gemma.json").write_text(json.dumps(gemma(parts(folder / "bytes.model"))))
    cut = {"unigram": [unigram.encode(text) for text in texts], "bytes": [merged.encode(text) for text in texts]}
    cut["xlmr"] = [[0, *(3 if i == 0 else i + 1 for i in ids), 2] for ids in cut["unigram"]]
    cut["gemma"] = [[*ids, 2] for ids in cut["bytes"]]
    json.dump(cut, sys.stdout)


main()
