package io.syncline.access;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.OffsetDateTime;

/** Links by which a person signs in once, without ever holding a key. They open a session with the role that was said when they were made. */
public final class Links {
    private static final String MARK = ApiKey.MARK + "link";

    private final JdbcClient database;
    private final AccessSettings.Link settings;

    Links(JdbcClient database, AccessSettings.Link settings) {
        this.database = database;
        this.settings = settings;
    }

    /** @param maker who makes it: the organisation is the maker's, and a revoked key of the maker spoils the link */
    public Link make(Caller maker, String name, Role role) {
        if (!maker.role().may(role) || role == Role.ANYONE) {
            throw new IllegalArgumentException("a link gives no more than its maker has");
        }
        database.sql("delete from syncline.sign_in_link where expires_at < clock_timestamp() - interval '1 day'").update();
        String text = MARK + Letters.random(Letters.SECRET);
        OffsetDateTime expiresAt = database.sql("""
                        insert into syncline.sign_in_link (hash, name, organisation, role, key_id, created_by, expires_at)
                        values (?, ?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 second') returning expires_at""")
                .params(Letters.hash(text), name, maker.organisation(), role.word(), maker.proof().key(), maker.name(), settings.lifetime().toSeconds())
                .query(OffsetDateTime.class).single();
        return new Link(text, "/#link=" + text, name, role, expiresAt);
    }

    /**
     * @param text    what is shown to sign in
     * @param address of the dashboard, with the text where browsers keep it to themselves
     */
    public record Link(String text, String address, String name, Role role, OffsetDateTime expiresAt) {
        /** Promise 28. */
        @Override
        public String toString() {
            return "link for " + name;
        }
    }
}
