package io.syncline.issues;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.syncline.RunningSyncline.entity;
import static org.assertj.core.api.Assertions.assertThat;

/** When most of a catalogue disappears, a run used to ask the source for every single record, only to hold all the deletes in the end. */
class ConfirmationsAreBoundedTest {
    /** Promises 6 and 7. */
    @Test
    void beyondTheBrakesLimitNoMoreRecordsAreAskedForAndEveryDeleteIsHeld() {
        try (ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(600));
                RunningSyncline syncline = RunningSyncline.with(sandbox)) {
            syncline.full("pricebook");
            List<Long> materials = List.copyOf(sandbox.snapshot(Entity.MATERIALS).keySet());
            int live = syncline.sql().sql("select count(*) from pricebook.materials_live").query(Integer.class).single();
            materials.stream().skip(20).forEach(id -> sandbox.remove(Entity.MATERIALS, id));
            sandbox.clearJournal();

            JsonNode report = syncline.full("pricebook");

            long asked = sandbox.journal().stream().filter(call -> call.path().matches(".*/materials/\\d+")).count();
            assertThat(asked).isLessThanOrEqualTo(live * 20 / 100 + 100).isLessThan(materials.size() - 20);
            assertThat(entity(report, "materials").path("counts").path("held").asInt()).as(report.toPrettyString()).isGreaterThan(live - 21);
            assertThat(entity(report, "materials").path("counts").has("delete")).isFalse();
            assertThat(syncline.sql().sql("select count(*) from pricebook.materials_live").query(Integer.class).single()).isEqualTo(live);
        }
    }
}
