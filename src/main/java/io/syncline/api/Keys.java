package io.syncline.api;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.security.MessageDigest;
import java.util.Optional;

/** The keys that are stored. Every call asks the table, so a revoked key is refused at the very next one. */
final class Keys {
    private static final byte[] NO_HASH = new byte[32];
    private static final String STALE = "coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)";

    private final JdbcClient database;

    Keys(JdbcClient database) {
        this.database = database;
    }

    /** Whose key the text is; empty when it is nobody's, or revoked. */
    Optional<Caller> caller(String text) {
        return ApiKey.read(text).flatMap(this::caller);
    }

    private Optional<Caller> caller(ApiKey key) {
        Optional<Stored> stored = database.sql("""
                        select id, hash, name, organisation, role, %s as stale
                        from syncline.api_key where prefix = ? and revoked_at is null""".formatted(STALE))
                .param(key.prefix())
                .query((row, number) -> new Stored(row.getLong("id"), row.getBytes("hash"),
                        new Caller(row.getString("name"), row.getString("organisation"), Role.of(row.getString("role"))), row.getBoolean("stale")))
                .optional();
        // An unknown prefix is compared too: both cost the same.
        boolean fits = MessageDigest.isEqual(stored.map(Stored::hash).orElse(NO_HASH), key.hash());
        if (!fits || stored.isEmpty()) {
            return Optional.empty();
        }
        if (stored.get().stale()) {
            database.sql("update syncline.api_key set last_used_at = clock_timestamp() where id = ? and " + STALE).param(stored.get().id()).update();
        }
        return Optional.of(stored.get().caller());
    }

    /** Stores a key; only its hash is kept. */
    void store(ApiKey key, Caller caller, String createdBy) {
        database.sql("insert into syncline.api_key (name, prefix, hash, role, organisation, created_by) values (?, ?, ?, ?, ?, ?)")
                .params(caller.name(), key.prefix(), key.hash(), caller.role().word(), caller.organisation(), createdBy).update();
    }

    /** Whether there has never been a key. Keeps others from making one until the end of the transaction. */
    boolean noneYet() {
        database.sql("lock table syncline.api_key in share row exclusive mode").update();
        return database.sql("select not exists (select from syncline.api_key)").query(Boolean.class).single();
    }

    private record Stored(long id, byte[] hash, Caller caller, boolean stale) {
    }
}
