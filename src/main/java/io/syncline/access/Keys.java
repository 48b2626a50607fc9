package io.syncline.access;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The keys that are stored. Every call asks the table, so a revoked key is refused at the very next one. */
public final class Keys {
    private static final byte[] NO_HASH = new byte[32];
    private static final String STALE = "coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)";

    private final JdbcClient database;
    private final TransactionTemplate transaction;

    Keys(JdbcClient database, TransactionTemplate transaction) {
        this.database = database;
        this.transaction = transaction;
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
                .query((row, number) -> new Stored(row.getLong("id"), row.getBytes("hash"), row.getString("name"), row.getString("organisation"),
                        Role.of(row.getString("role")), row.getBoolean("stale")))
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

    /**
     * Makes a key; only its hash is kept.
     *
     * @param by who makes it
     * @throws NameTaken when another key in use has the name
     */
    public Made make(String name, String organisation, Role role, String by) {
        ApiKey key = ApiKey.random();
        return new Made(store(key, name, organisation, role, by), key.text());
    }

    long store(ApiKey key, String name, String organisation, Role role, String by) {
        try {
            return database.sql("insert into syncline.api_key (name, prefix, hash, role, organisation, created_by) values (?, ?, ?, ?, ?, ?) returning id")
                    .params(name, key.prefix(), key.hash(), role.word(), organisation, by).query(Long.class).single();
        } catch (DuplicateKeyException e) {
            throw new NameTaken(name);
        }
    }

    /** An organisation's keys, the newest first, revoked ones included. */
    public List<Kept> list(String organisation, long before, int limit) {
        return database.sql("""
                        select id, name, prefix, role, created_at, created_by, last_used_at, revoked_at from syncline.api_key
                        where organisation = ? and id < ? order by id desc limit ?""").params(organisation, before, limit)
                .query((row, number) -> new Kept(row.getLong("id"), row.getString("name"), ApiKey.MARK + row.getString("prefix"),
                        Role.of(row.getString("role")), instant(row.getObject("created_at", OffsetDateTime.class)), row.getString("created_by"),
                        instant(row.getObject("last_used_at", OffsetDateTime.class)), instant(row.getObject("revoked_at", OffsetDateTime.class))))
                .list();
    }

    /** One of an organisation's keys. */
    public Optional<Kept> one(String organisation, long id) {
        return id == Long.MAX_VALUE ? Optional.empty() : list(organisation, id + 1, 1).stream().filter(key -> key.id() == id).findFirst();
    }

    /**
     * Refuses a key from now on, and ends the sessions that came of it.
     *
     * @param lastAdmin also when nobody could make a key for the organisation afterwards, but for whoever owns the host
     * @return whether the organisation has such a key
     * @throws LastAdminKey when it is the last one of an admin, and that was not meant
     */
    public boolean revoke(String organisation, long id, boolean lastAdmin) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            List<Long> admins = database.sql("""
                    select id from syncline.api_key where organisation = ? and role = 'admin' and revoked_at is null order by id for update""")
                    .param(organisation).query(Long.class).list();
            if (!lastAdmin && admins.equals(List.of(id))) {
                throw new LastAdminKey();
            }
            return database.sql("update syncline.api_key set revoked_at = coalesce(revoked_at, clock_timestamp()) where organisation = ? and id = ?")
                    .params(organisation, id).update() == 1;
        }));
    }

    /** Whether there has never been a key. Keeps others from making one until the end of the transaction. */
    boolean noneYet() {
        database.sql("lock table syncline.api_key in share row exclusive mode").update();
        return database.sql("select not exists (select from syncline.api_key)").query(Boolean.class).single();
    }

    static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** @param text the key itself, for the one time that it is shown */
    public record Made(long id, String text) {
        /** Promise 28. */
        @Override
        public String toString() {
            return "key " + id;
        }
    }

    /**
     * A key as it may be shown at any time.
     *
     * @param start the first letters, by which its owner knows it; they open nothing
     */
    public record Kept(long id, String name, String start, Role role, Instant createdAt, String createdBy, Instant lastUsedAt, Instant revokedAt) {
    }

    private record Stored(long id, byte[] hash, String name, String organisation, Role role, boolean stale) {
        Caller caller() {
            return new Caller(name, organisation, role, new Caller.Proof(Caller.Kind.KEY, id, null));
        }
    }
}
