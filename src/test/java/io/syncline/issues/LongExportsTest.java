package io.syncline.issues;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.Callers;
import io.syncline.access.Keys;
import io.syncline.access.NotAdmitted;
import io.syncline.access.Role;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who takes an export is looked at again in the middle of the transaction that reads it, which cut off whatever took longer than a minute. */
class LongExportsTest {
    private static final ServiceTitanSandbox SANDBOX = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT);
    private static final RunningSyncline SYNCLINE = RunningSyncline.with(SANDBOX, TestPostgres.url());

    @AfterAll
    static void close() {
        SYNCLINE.close();
        SANDBOX.close();
    }

    @Test
    void aKeyIsLookedUpAsItIsNowInTheMiddleOfWhatReadsThePast() {
        Keys keys = SYNCLINE.bean(Keys.class);
        Callers callers = SYNCLINE.bean(Callers.class);
        Keys.Made key = keys.make("exporting", "default", Role.REVIEWER, "test");
        Callers.Shown shown = new Callers.Shown(key.text(), null);
        reading().executeWithoutResult(status -> {
            assertThat(isUsed(key)).isFalse();
            assertThat(callers.caller(shown).name()).isEqualTo("exporting");
            assertThat(CompletableFuture.supplyAsync(() -> keys.revoke("default", key.id(), false)).join()).isTrue();
            assertThatThrownBy(() -> callers.caller(shown)).isInstanceOf(NotAdmitted.class);
        });
        assertThat(isUsed(key)).isTrue();
    }

    private static boolean isUsed(Keys.Made key) {
        return SYNCLINE.sql().sql("select last_used_at is not null from syncline.api_key where id = ?").param(key.id()).query(Boolean.class).single();
    }

    private static TransactionTemplate reading() {
        TransactionTemplate reading = new TransactionTemplate(SYNCLINE.bean(PlatformTransactionManager.class));
        reading.setReadOnly(true);
        reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        return reading;
    }
}
