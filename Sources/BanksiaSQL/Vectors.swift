internal import Foundation

extension [Float] {
    /// IEEE 754 single precision, least significant byte first: the form in which SQLite keeps a vector.
    package var littleEndianBytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 4 * count) { bytes, size in
            for (place, value) in enumerated() {
                unsafe UnsafeMutableRawBufferPointer(bytes).storeBytes(
                    of: value.bitPattern.littleEndian, toByteOffset: 4 * place, as: UInt32.self)
            }
            size = 4 * count
        }
    }

    /// - Parameter bytes: a multiple of four.
    init(littleEndian bytes: UnsafeRawBufferPointer) {
        self = (0..<bytes.count / 4).map {
            unsafe Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
    }
}

extension [UInt8] {
    /// An id of sixteen bytes.
    var uuid: UUID? {
        guard count == 16 else { return nil }
        return unsafe withUnsafeBytes { UUID(uuid: unsafe $0.loadUnaligned(as: uuid_t.self)) }
    }

    init(_ uuid: UUID) { self = unsafe Swift.withUnsafeBytes(of: uuid.uuid) { unsafe Array($0) } }
}
