import Foundation

/// A model file of SentencePiece, made out of pieces that stand in another file.
///
/// The numbers of the fields are those of `sentencepiece_model.proto`; the encoding is that of Protocol Buffers.
struct SentencePieceFile {
    struct Piece {
        var text: String
        var score: Float
        var role = Role.normal
    }

    /// `ModelProto.SentencePiece.Type`.
    enum Role: UInt64 {
        case normal = 1
        case unknown = 2
        case control = 3
        case byte = 6
    }

    /// `TrainerSpec.ModelType`.
    enum Kind: UInt64 {
        case unigram = 1
        case merges = 2
    }

    var pieces: [Piece]
    var kind: Kind
    /// How characters are normalised: `precompiled_charsmap`; empty for not at all.
    var characters: Data
    var beginsWithSpace: Bool
    var singleSpaces: Bool

    var bytes: Data {
        var file = Message()
        for piece in pieces {
            var message = Message()
            message.add(1, Data(piece.text.utf8))
            message.addReal(2, piece.score)
            message.addNumber(3, piece.role.rawValue)
            file.add(1, message.bytes)
        }
        var training = Message()
        training.addNumber(3, kind.rawValue)
        training.addNumber(4, UInt64(pieces.count))
        training.addNumber(35, pieces.contains { $0.role == .byte } ? 1 : 0)
        file.add(2, training.bytes)
        var normalising = Message()
        normalising.add(2, characters)
        normalising.addNumber(3, beginsWithSpace ? 1 : 0)
        normalising.addNumber(4, singleSpaces ? 1 : 0)
        normalising.addNumber(5, 1)
        file.add(3, normalising.bytes)
        return file.bytes
    }

    private struct Message {
        private(set) var bytes = Data()

        mutating func addNumber(_ field: UInt64, _ value: UInt64) {
            number(field << 3)
            number(value)
        }

        mutating func addReal(_ field: UInt64, _ value: Float) {
            number(field << 3 | 5)
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
        }

        mutating func add(_ field: UInt64, _ value: Data) {
            number(field << 3 | 2)
            number(UInt64(value.count))
            bytes.append(value)
        }

        private mutating func number(_ value: UInt64) {
            var rest = value
            while rest >= 128 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
    }
}
