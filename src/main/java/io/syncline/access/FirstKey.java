package io.syncline.access;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionTemplate;

import java.io.PrintStream;

/**
 * Lets the first person in. While there is no key at all, {@code SYNCLINE_ADMIN_KEY} is taken as the first one; where it is not set, an admin key is made
 * and shown once on the console.
 */
final class FirstKey implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
    private static final String SETTING = "SYNCLINE_ADMIN_KEY";
    private static final String NAME = "first-admin";
    private static final String ORGANISATION = "default";

    private final Keys keys;
    private final TransactionTemplate transaction;
    private final Environment environment;
    private final PrintStream console;

    FirstKey(Keys keys, TransactionTemplate transaction, Environment environment, PrintStream console) {
        this.keys = keys;
        this.transaction = transaction;
        this.environment = environment;
        this.console = console;
    }

    /** @throws NotAKey when {@code SYNCLINE_ADMIN_KEY} is set to something that is not a key */
    @Override
    public void run(ApplicationArguments arguments) {
        String setting = environment.getProperty(SETTING, "");
        if (setting.isBlank()) {
            ApiKey key = ApiKey.random();
            if (stored(key, "first start")) {
                show(key);
            }
            return;
        }
        ApiKey key = ApiKey.read(setting.strip()).orElseThrow(() -> new NotAKey(
                SETTING + " is not a Syncline key. Make one with \"java -jar syncline.jar new-key\", or leave it unset to have one made and shown."));
        if (!stored(key, SETTING) && keys.caller(setting.strip()).isEmpty()) {
            LOG.warn("{} is none of the stored keys and opens nothing: it is taken only while there are no keys. Take it out of the environment.", SETTING);
        }
    }

    private boolean stored(ApiKey key, String createdBy) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean first = keys.noneYet();
            if (first) {
                keys.store(key, NAME, ORGANISATION, Role.ADMIN, createdBy);
            }
            return first;
        }));
    }

    /** Promise 28: it goes to the console itself, never through the log. */
    private void show(ApiKey key) {
        console.print("""

                ======================================================================
                  The first admin key. It is shown this once and stored nowhere.

                    KEY=%s

                  Programs send it as a header:
                    curl -H "Authorization: Bearer $KEY" %s/api/v1/runs/1
                ======================================================================

                """.formatted(key.text(), address()));
        console.flush();
    }

    private String address() {
        return "http://" + environment.getProperty("server.address", "localhost") + ":" + environment.getProperty("local.server.port");
    }
}
