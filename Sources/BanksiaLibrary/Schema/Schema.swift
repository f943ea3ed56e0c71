import BanksiaJobs
public import BanksiaSQL

/// All migrations of the database, in order. A released one is never edited.
public enum Schema {
    public static var migrations: [Migration] {
        JobSchema.migrations + [
            accounts, assets, albums, search, sharing, events,
            changes,
            people,
            reading, stacks, feedback,
            signIn, limits, siblings,
            foundFaces,
            vocabulary, corrections,
            sidecars, nearDuplicates, pictureText,
            derivations,
        ]
    }
}
