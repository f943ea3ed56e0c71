import Crypto
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file of places, as `scripts/prepare_places.py` writes it, mapped into memory: what is looked at is read, and the system may
/// forget it again.
///
/// All numbers are little-endian. Places lie in the order of the tree that `PlacesFile+Search.swift` walks.
/// ```
/// head       "BNKPLACE", format, places, states, countries, zones, bytes of text (32 bits each), SHA-256 of all but itself
/// points     x, y, z on the unit sphere (32-bit floats)              for each place
/// entries    name, population (32 bits), state, country, zone, 0     for each place
/// states     name                                                    for each state
/// countries  two letters, two zeros, name                            for each country
/// zones      name                                                    for each time zone
/// text       a length (8 bits) and as many bytes of UTF-8            for each text; names say where theirs starts
/// ```
/// Only the head is checked when it is opened. A damaged body gives wrong names or none, and `verify` finds it.
@safe final class PlacesFile: Sendable {
    // Read-only memory that stays mapped until `deinit`.
    private nonisolated(unsafe) let base: UnsafeRawPointer
    private let path: String
    let layout: PlacesLayout

    /// - Throws: `PlacesProblem`.
    init(opening path: String) throws(PlacesProblem) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .damaged("it cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) >= PlacesLayout.headBytes else {
            throw .damaged("it is too short")
        }
        guard let mapped = unsafe mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0),
            unsafe mapped != MAP_FAILED
        else { throw .damaged("it cannot be mapped") }
        let head = unsafe Array(UnsafeRawBufferPointer(start: mapped, count: PlacesLayout.headBytes))
        guard let layout = PlacesLayout(head: head), layout.fileBytes == Int(status.st_size) else {
            unsafe munmap(mapped, Int(status.st_size))
            throw .damaged("it is of another format, or not whole")
        }
        unsafe base = UnsafeRawPointer(mapped)
        self.path = path
        self.layout = layout
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), layout.fileBytes) }

    var count: Int { layout.places }

    /// Where a place is, on the unit sphere.
    func point(_ place: Int) -> SIMD3<Float> {
        let start = layout.points + place * PlacesLayout.pointBytes
        return SIMD3(float(start), float(start + 4), float(start + 8))
    }

    func entry(_ place: Int) -> Entry {
        let start = layout.entries + place * PlacesLayout.entryBytes
        return Entry(
            name: Int(word(start)), population: Int(word(start + 4)), state: Int(half(start + 8)),
            country: Int(half(start + 10)), zone: Int(half(start + 12)))
    }

    /// A place, in numbers that its names are found by.
    struct Entry {
        let name: Int
        let population: Int
        let state: Int
        let country: Int
        let zone: Int
    }

    func state(_ number: Int) -> String? { number < layout.states ? text(Int(word(layout.stateTable + 4 * number))) : nil }
    func zone(_ number: Int) -> String? { number < layout.zones ? text(Int(word(layout.zoneTable + 4 * number))) : nil }

    func country(_ number: Int) -> (code: String, name: String)? {
        guard number < layout.countries else { return nil }
        let start = layout.countryTable + 8 * number
        guard let name = text(Int(word(start + 4))) else { return nil }
        return (String(decoding: bytes(start, 2), as: UTF8.self), name)
    }

    func text(_ start: Int) -> String? {
        guard start < layout.textBytes else { return nil }
        let place = layout.text + start
        let count = Int(bytes(place, 1)[0])
        guard start + 1 + count <= layout.textBytes else { return nil }
        return String(decoding: bytes(place + 1, count), as: UTF8.self)
    }

    /// Whether every byte is what was built. Reads the file apart from the mapping, which would keep it all in memory.
    func verify() throws(PlacesProblem) {
        guard let file = FileHandle(forReadingAtPath: path) else { throw .damaged("it cannot be opened") }
        var hash = SHA256()
        do {
            let head = try file.read(upToCount: PlacesLayout.headBytes) ?? Data()
            hash.update(data: head.prefix(PlacesLayout.sumOffset))
            while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
            guard Array(hash.finalize()) == Array(head.dropFirst(PlacesLayout.sumOffset)) else { throw PlacesProblem.damaged("") }
        } catch {
            throw .damaged("its bytes are not those that were built")
        }
    }

    // MARK: Bytes. Every caller stays inside of the layout, which is as long as the mapping.

    private func float(_ start: Int) -> Float { Float(bitPattern: word(start)) }
    private func word(_ start: Int) -> UInt32 {
        UInt32(littleEndian: unsafe base.loadUnaligned(fromByteOffset: start, as: UInt32.self))
    }
    private func half(_ start: Int) -> UInt16 {
        UInt16(littleEndian: unsafe base.loadUnaligned(fromByteOffset: start, as: UInt16.self))
    }
    private func bytes(_ start: Int, _ count: Int) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: base + start, count: count))
    }
}

/// What is where in a file of places.
struct PlacesLayout {
    static let magic = Array("BNKPLACE".utf8)
    static let format = 1
    static let sumOffset = 32
    static let headBytes = 64
    static let pointBytes = 12
    static let entryBytes = 16

    let places: Int
    let states: Int
    let countries: Int
    let zones: Int
    let textBytes: Int

    /// `nil` when it is no head of this format.
    init?(head: [UInt8]) {
        guard head.count == Self.headBytes, head.starts(with: Self.magic) else { return nil }
        let words = (0..<6).map { index in
            (0..<4).reduce(0) { $0 | Int(head[8 + 4 * index + $1]) << (8 * $1) }
        }
        guard words[0] == Self.format else { return nil }
        (places, states, countries, zones, textBytes) = (words[1], words[2], words[3], words[4], words[5])
    }

    var points: Int { Self.headBytes }
    var entries: Int { points + places * Self.pointBytes }
    var stateTable: Int { entries + places * Self.entryBytes }
    var countryTable: Int { stateTable + 4 * states }
    var zoneTable: Int { countryTable + 8 * countries }
    var text: Int { zoneTable + 4 * zones }
    var fileBytes: Int { text + textBytes }
}
