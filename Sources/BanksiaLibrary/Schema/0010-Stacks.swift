import BanksiaSQL

extension Schema {
    /// Stacks. Which one an asset belongs to stands in `asset.stack_id`.
    static let stacks = Migration(
        id: "0010-stacks",
        """
        CREATE TABLE stack (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            origin TEXT NOT NULL CHECK (origin IN ('auto_burst', 'user')),
            primary_asset_id ID REFERENCES asset (id) ON DELETE SET NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL
        );
        CREATE INDEX stack_library ON stack (library_id, id);
        CREATE INDEX stack_primary ON stack (primary_asset_id) WHERE primary_asset_id IS NOT NULL;
        CREATE INDEX asset_stack ON asset (stack_id, trashed_at, local_wall, id) WHERE stack_id IS NOT NULL;
        -- assets that a user took out of a stack, for the detector to leave alone
        CREATE TABLE unstacked_asset (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            created_at INSTANT NOT NULL
        );
        """)
}
