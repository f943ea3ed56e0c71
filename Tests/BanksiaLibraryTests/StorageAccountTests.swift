import BanksiaCore
import BanksiaFiles
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Storage accounts") struct StorageAccountTests {
    let world: World
    let ana: Viewer
    let home: LibraryID
    let other: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        home = try await world.libraryID(of: ana)
        other = try await world.library.libraries.create(Name("Other"), description: nil, by: ana).record.id
    }

    private var assets: Assets { world.library.assets }
    private var versions: Versions { world.library.versions }

    private func photo(_ seed: UInt64, in library: LibraryID? = nil) async throws -> Asset {
        let upload = try await world.upload(TestPicture.png(seed: seed), named: "\(seed).png")
        return try await assets.upload(upload, into: library ?? home, by: ana).record
    }

    private func rendering(_ seed: UInt64) async throws -> NewVersion {
        let staged = try await world.upload(TestPicture.png(width: 20, height: 30, seed: seed), named: "edited").staged
        return NewVersion(staged: staged, kind: try NewVersion.Kind("edit"), params: "{}", declaredType: nil)
    }

    private func limit(_ library: LibraryID, to bytes: Int64?) async throws {
        _ = try await world.library.libraries.limit("\(library)", toBytes: bytes)
    }

    /// What a library is said to hold agrees with its rows; so does what its owner is said to.
    ///
    /// - Returns: the bytes of the home library and of the other one; `nil` for one that is gone.
    @discardableResult
    private func balance(_ location: SourceLocation = #_sourceLocation) async throws -> [Int64?] {
        let counted: [LibraryID: (assets: Int, bytes: Int64)] = try await world.database.read { [ana] tx in
            let rows: [(LibraryID, Int, Int64)] = try tx.rows(
                """
                SELECT library.id, (SELECT COUNT(*) FROM asset WHERE asset.library_id = library.id AND asset.trashed_at IS NULL),
                    (SELECT CAST(COALESCE(SUM(asset_version.size_bytes), 0) AS BIGINT) FROM asset_version
                        JOIN asset ON asset.id = asset_version.asset_id WHERE asset.library_id = library.id)
                FROM library WHERE library.owner_id = \(ana.user)
                """
            ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, ($0.1, $0.2)) })
        }
        let said = try await world.library.libraries.list(.all, by: ana)
        #expect(said.count == counted.count, sourceLocation: location)
        for library in said {
            #expect(library.assetCount == counted[library.id]?.assets, sourceLocation: location)
            #expect(library.storageUsedBytes == counted[library.id]?.bytes, sourceLocation: location)
        }
        let user = try await world.library.accounts.user(withEmail: User.Email("ana@example.com"))
        #expect(user.storageUsedBytes == said.reduce(0) { $0 + $1.storageUsedBytes }, sourceLocation: location)
        return [home, other].map { id in said.first { $0.id == id }?.storageUsedBytes }
    }

    @Test func `they balance after every kind of change`() async throws {
        let first = try await photo(1), second = try await photo(2), third = try await photo(3)
        let all = [first, second, third].reduce(0) { $0 + $1.fileSizeBytes }
        #expect(try await balance() == [all, 0])

        let made = try await versions.append(rendering(4), to: "\(first.id)", by: ana).record.versions[0]
        #expect(try await balance() == [all + made.sizeBytes, 0])
        let replaced = try await versions.replace("\(made.id)", of: "\(first.id)", with: rendering(5), by: ana).record.versions[0]
        #expect(try await balance() == [all + replaced.sizeBytes, 0])
        _ = try await versions.replace("\(replaced.id)", of: "\(first.id)", with: rendering(5), by: ana)
        #expect(try await balance() == [all + replaced.sizeBytes, 0])

        try await assets.trash(["\(first.id)", "\(second.id)"], in: home, by: ana)
        #expect(try await balance() == [all + replaced.sizeBytes, 0])
        try await assets.restore(["\(first.id)"], in: home, by: ana)
        try await balance()
        _ = try await assets.move(["\(first.id)", "\(second.id)"], from: "\(home)", to: "\(other)", by: ana)
        let weight = first.fileSizeBytes + replaced.sizeBytes
        #expect(try await balance() == [all - first.fileSizeBytes, weight])

        _ = try await versions.delete("\(replaced.id)", of: "\(first.id)", expecting: nil, by: ana)
        #expect(try await balance() == [all - first.fileSizeBytes, first.fileSizeBytes])
        let again = try await versions.append(rendering(6), to: "\(first.id)", by: ana).record.versions[0]
        _ = try await versions.revert(to: "\(first.currentVersionID)", of: "\(first.id)", expecting: nil, by: ana)
        #expect(again.sizeBytes > 0)
        #expect(try await balance() == [all - first.fileSizeBytes, first.fileSizeBytes])

        try await assets.emptyTrash(of: home, by: ana)
        #expect(try await balance() == [third.fileSizeBytes, first.fileSizeBytes])
        try await assets.delete("\(third.id)", by: ana)
        #expect(try await balance() == [0, first.fileSizeBytes])
        try await world.library.libraries.trash("\(other)", by: ana)
        #expect(try await balance() == [0, first.fileSizeBytes])
        try await world.library.libraries.purge("\(other)", by: ana)
        try await world.finishJobs()
        #expect(try await balance() == [0, nil])
        await world.close()
    }

    @Test func `room that is taken while something is on its way is not taken twice`() async throws {
        let size = Int64(TestPicture.png(seed: 1).count)
        try await limit(home, to: size * 3 + size / 2)
        let taken = await withTaskGroup(of: Bool.self) { group in
            for seed: UInt64 in 1...8 {
                // those that come late are refused
                group.addTask { await (try? photo(seed)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 3)
        try await balance()
        await world.close()
    }

    @Test func `an owner's cap holds over all their libraries at once`() async throws {
        let size = Int64(TestPicture.png(seed: 1).count)
        let ben = try await world.user("ben")
        let theirs = try await world.libraryID(of: ben)
        try await world.share(home, of: ana, with: ben, as: .collaborator)
        let guest = try await world.upload(TestPicture.png(seed: 9), named: "9.png")
        let brought = try await assets.upload(guest, into: theirs, by: ben).record
        try await world.database.write { [user = ana.user] tx in
            try tx.execute("UPDATE \"user\" SET storage_limit_bytes = \(size * 2 + size / 2) WHERE id = \(user)")
        }
        let stored = await withTaskGroup(of: Bool.self) { group in
            for seed: UInt64 in 1...3 {
                // those that come late are refused
                group.addTask { await (try? photo(seed, in: seed.isMultiple(of: 2) ? home : other)) != nil }
            }
            group.addTask {
                let moved = try? await assets.move(["\(brought.id)"], from: "\(theirs)", to: "\(home)", by: ben)
                return moved?.map(\.outcome) == [.moved]
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(stored == 2)
        try await balance()
        await world.close()
    }
}
