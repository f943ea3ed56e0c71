/// A HEIC in tiles, as phones write large pictures (ISO/IEC 23008-12 §6.6.2.3.2, `grid`). All its tiles are one and the same, so that
/// it is small on disk however many pixels it has.
struct TiledHEIC {
    /// How the tile is coded, a property of its item.
    private let configuration: [UInt8]
    private let data: [UInt8]
    /// Of a tile, in pixels.
    private let edge: Int

    struct NotATile: Error {}

    /// - Parameter tile: a HEIC of one square picture and nothing else.
    init(tile: [UInt8], edge: Int) throws {
        guard let meta = firstBox("meta", in: tile[...]), let data = firstBox("mdat", in: tile[...]),
            let properties = firstBox("iprp", in: meta.dropFirst(12)),
            let kinds = firstBox("ipco", in: properties.dropFirst(8)),
            let configuration = firstBox("hvcC", in: kinds.dropFirst(8))
        else { throw NotATile() }
        self.configuration = Array(configuration)
        self.data = Array(data.dropFirst(8))
        self.edge = edge
    }

    /// The file of a picture of so many tiles, at most 256 either way.
    func file(columns: Int, rows: Int) -> [UInt8] {
        let count = columns * rows, whole = count + 1
        let tiles = Array(1...count)
        let size = short(edge, 4) + short(edge, 4), wholeSize = short(columns * edge, 4) + short(rows * edge, 4)
        let grid: [UInt8] = [0, 1, UInt8(rows - 1), UInt8(columns - 1)] + wholeSize
        let handler = fullBox("hdlr", short(0, 4) + Array("pict".utf8) + [UInt8](repeating: 0, count: 13))
        let primary = fullBox("pitm", short(whole))
        let items = tiles.flatMap { item($0, "hvc1", isHidden: true) } + item(whole, "grid", isHidden: false)
        let information = fullBox("iinf", short(count + 1) + items)
        let parts = fullBox("iref", box("dimg", short(whole) + short(count) + tiles.flatMap { short($0) }))
        let kinds = box("ipco", configuration + fullBox("ispe", size) + fullBox("ispe", wholeSize))
        // A tile has the first property, which is essential, and the second; the whole has the third.
        let links = tiles.flatMap { short($0) + [2, 0x81, 2] } + short(whole) + [1, 3]
        let properties = box("iprp", kinds + fullBox("ipma", short(count + 1, 4) + links))
        func meta(dataAt offset: Int) -> [UInt8] {
            let places =
                tiles.flatMap { short($0) + short(0, 4) + short(1) + short(offset, 4) + short(data.count, 4) }
                + short(whole) + short(1) + short(0) + short(1) + short(0, 4) + short(grid.count, 4)
            let locations = fullBox("iloc", version: 1, [0x44, 0] + short(count + 1) + places)
            return fullBox("meta", handler + primary + information + parts + properties + box("idat", grid) + locations)
        }
        let type = box("ftyp", Array("heic\0\0\0\0mif1heic".utf8))
        return type + meta(dataAt: type.count + meta(dataAt: 0).count + 8) + box("mdat", data)
    }

    private func item(_ id: Int, _ kind: String, isHidden: Bool) -> [UInt8] {
        fullBox("infe", version: 2, flags: isHidden ? 1 : 0, short(id) + short(0) + Array(kind.utf8) + [0])
    }

    private func short(_ number: Int, _ bytes: Int = 2) -> [UInt8] { big(number, bytes: bytes) }
}
