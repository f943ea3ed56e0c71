import ArgumentParser
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaMedia
import BanksiaPlaces
import BanksiaVision
import Foundation

/// Shows the state of every native library and model, and what is lost without it.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check what this machine has, and say what is lost without the rest.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: SettingsOptions

    /// One part that may be missing.
    struct Finding: Codable {
        var part: String
        var isAvailable: Bool
        /// Its version, or why it is not there.
        var state: String
        /// What does not work without it.
        var lostWithout: String

        init(_ part: String, _ capability: Capability, lostWithout: String) {
            self.part = part
            self.lostWithout = lostWithout
            switch capability {
            case .available(let version): (isAvailable, state) = (true, version)
            case .unavailable(let reason): (isAvailable, state) = (false, reason)
            }
        }
    }

    func run() async throws {
        let assembly = try await Assembly.open(try options.load())
        let findings = await examine(assembly)
        await assembly.close()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings {
                print("\(finding.isAvailable ? "ok     " : "MISSING") \(finding.part): \(finding.state)")
                if !finding.isAvailable { print("        without it: \(finding.lostWithout)") }
            }
        }
        if findings.contains(where: { !$0.isAvailable }) { throw ExitCode(1) }
    }

    private func examine(_ assembly: Assembly) async -> [Finding] {
        var findings = [Finding("data folder", await dataFolder(assembly), lostWithout: "everything")]
        let media = await assembly.media.capabilities()
        findings.append(
            Finding("libvips", media.decoding, lostWithout: "thumbnails, previews and search by content; files are kept"))
        findings.append(Finding("exiftool", media.metadata, lostWithout: "camera, capture time and position of new photos"))
        // no choice yet: the default
        let preferred = (try? await assembly.library.models.activeSpace()) ?? assembly.settings.modelPack
        findings.append(
            Finding(
                "ONNX Runtime",
                await Vision.capability(ofRuntime: assembly.settings.runtimeLibrary, command: assembly.settings.child("vision")),
                lostWithout: "search in plain words"))
        do {
            let pack = try assembly.packs.pack(preferred)
            try pack.verify()
            findings.append(
                Finding("model pack", .available(version: "\(pack.id), \(pack.dimension) dimensions"), lostWithout: ""))
            findings.append(Finding("face models", Self.faceModels(of: pack), lostWithout: "people, except those drawn by hand"))
            findings.append(Finding("reading models", Self.readingModels(of: pack), lostWithout: "search for text in pictures"))
        } catch {
            findings.append(
                Finding(
                    "model pack", .unavailable(because: "\(preferred): \(error.detail)"), lostWithout: "search in plain words"))
        }
        findings.append(
            Finding("places", assembly.geocoder.capability(), lostWithout: "names of places; positions are kept and named later"))
        return findings
    }

    private static func faceModels(of pack: ModelPack) -> Capability {
        guard let models = pack.faces else {
            return .unavailable(because: "the pack \(pack.id) has none; `make setup` builds one that has")
        }
        return .available(version: "\(models.detector), \(models.embedder), \(models.dimension) dimensions")
    }

    private static func readingModels(of pack: ModelPack) -> Capability {
        guard let models = pack.reading else {
            return .unavailable(because: "the pack \(pack.id) has none; `make setup` builds one that has")
        }
        return .available(version: "\(models.detector), \(models.recogniser)")
    }

    private func dataFolder(_ assembly: Assembly) async -> Capability {
        do {
            guard let volume = try await assembly.files.volume() else {
                return .available(version: assembly.settings.dataFolder)
            }
            return .available(version: "\(assembly.settings.dataFolder), \(volume.free >> 30) GiB free of \(volume.total >> 30)")
        } catch {
            return .unavailable(because: "\(assembly.settings.dataFolder) cannot be read")
        }
    }
}
