package io.syncline.access;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * What whoever owns the host may give, whatever was lost: it asks for no key, only for the database. The command line is made of it; a key, link or password
 * that it answers is shown once and stored nowhere.
 */
@Component
public final class HostAccess {
    private static final String HOST = "host";

    private final Keys keys;
    private final Links links;
    private final Readers readers;

    @Autowired
    public HostAccess(DataSource database) {
        JdbcClient client = JdbcClient.create(database);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.keys = new Keys(client, transaction);
        this.links = new Links(client, new AccessSettings.Link(Duration.ofMinutes(10)));
        this.readers = new Readers(client, transaction);
    }

    /** @throws NameTaken when another key in use has the name */
    public Keys.Made newKey(String name, String organisation, Role role) {
        return keys.make(name, organisation, role, HOST);
    }

    /** An organisation's keys, the newest first. */
    public List<Keys.Kept> keys(String organisation) {
        return keys.list(organisation, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Also the last one of an admin: the host can always make another. Whether there was such a key. */
    public boolean revokeKey(String organisation, long id) {
        return keys.revoke(organisation, id, true);
    }

    public Links.Link newLink(String name, String organisation, Role role) {
        return links.make(new Caller(HOST, organisation, Role.ADMIN), name, role);
    }

    /**
     * A database role for somebody who reads by SQL; it sees one organisation and writes nothing.
     *
     * @throws NameTaken when the database has a role of this name
     * @throws UnfitReader when the name is none for a role, or our own role may not make any
     */
    public ReaderLogin newReader(String role, String organisation) {
        return readers.make(role, organisation, HOST);
    }

    /**
     * Confines a role that somebody made otherwise, and lets it read.
     *
     * @throws UnfitReader when there is no such role, or it sees everything whatever is said here
     */
    public void confineReader(String role, String organisation) {
        readers.confine(role, organisation, HOST);
    }

    /** Takes a reader's rights away, and its role if we made that. */
    public Dropped dropReader(String role) {
        return readers.drop(role, HOST);
    }

    public List<ReaderLogin> readers() {
        return readers.list();
    }
}
