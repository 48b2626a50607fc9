package io.syncline.promises;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Fault;
import io.syncline.sandbox.FaultRule;
import io.syncline.sandbox.SapSandbox;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static io.syncline.promises.Caseload.count;
import static org.assertj.core.api.Assertions.assertThat;

/** The caseload as teams use it (deployment A), over both versions of OData. */
class CaseloadTest {
    private static final SapSandbox.Options SMALL = SapSandbox.Options.DEFAULT.size(300).pageSize(50);

    @TempDir
    private Path folder;

    /** Every live row says what SAP says, to the last digit. */
    private static void assertSame(Caseload caseload) {
        Map<String, String> documents = caseload.documents("cases");
        assertThat(documents.keySet()).isEqualTo(caseload.sandbox.snapshot().keySet());
        caseload.sandbox.snapshot().forEach((id, sap) -> {
            JsonNode ours = RunningSyncline.json(documents.get(id));
            assertThat(documents.get(id)).contains("\"claim_amount\":" + sap.path("ClaimAmount").decimalValue().stripTrailingZeros().toPlainString() + ",",
                    "\"file_number\":" + sap.path("FileNumber").asText() + ",", "\"created_at\":\"" + sap.path("CreatedAt").asText() + "\"");
            for (String[] pair : new String[][] {{"title", "Title"}, {"status", "Status"}, {"priority", "Priority"}, {"due_on", "DueOn"}, {"phone", "Phone"},
                {"person_name", "PersonName"}, {"team_id", "TeamId"}, {"urgent", "Urgent"}, {"currency", "Currency"}}) {
                assertThat(ours.path(pair[0]).asText()).as(id + " " + pair[0]).isEqualTo(sap.path(pair[1]).asText());
            }
            assertThat(ours.path("call_at").asText()).isEqualTo(sap.path("CallAt").asText());
            assertThat(ours.path("city").asText()).isEqualTo(sap.path("Address").path("City").asText());
        });
        assertThat(caseload.documents("items")).hasSize(caseload.sandbox.items());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sap", "sap_v2"})
    void aRefreshBringsWhatChangedAndAFullOneAlsoWhatIsGone(String system) {
        try (Caseload caseload = Caseload.open(system, SMALL, folder)) {
            JsonNode first = caseload.full();
            assertThat(first.path("state").asText()).isEqualTo("published");
            assertThat(count(first, "cases", "create")).isEqualTo(300);
            assertThat(count(first, "teams", "create")).isEqualTo(12);
            assertSame(caseload);

            JsonNode again = caseload.full();
            assertThat(count(again, "cases", "unchanged")).isEqualTo(300);
            assertThat(again.path("snapshot").path("changes").asInt()).isZero();

            caseload.sandbox.clock().advance(Duration.ofHours(1));
            caseload.sandbox.mutate(7, 40);
            caseload.sandbox.clearJournal();
            JsonNode delta = caseload.incremental();
            assertThat(delta.path("state").asText()).isEqualTo("published");
            assertThat(RunningSyncline.entity(delta, "cases").path("delivered").asInt()).isBetween(20, 40);
            boolean links = system.equals("sap");
            assertThat(caseload.sandbox.journal()).filteredOn(call -> call.path().endsWith("/Cases")).singleElement()
                    .satisfies(call -> assertThat(call.query()).contains(links ? "$deltatoken=" : "$filter=ChangedAt%20ge%20"));

            JsonNode full = caseload.full();
            assertThat(count(delta, "cases", "delete") > 0).as("only a delta tells what is gone").isEqualTo(links);
            assertThat(count(full, "cases", "delete") > 0).isEqualTo(!links);
            assertThat(count(full, "cases", "update")).as("the delta brought all changes").isZero();
            assertSame(caseload);
            assertThat(caseload.syncline.sql().sql("select count(*) from syncline.verify_chain('cases')").query(Long.class).single()).isZero();
        }
    }

    @Test
    void oneCaseOrItemIsAskedForByItsKey() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            String id = caseload.sandbox.snapshot().firstKey();
            String item = caseload.documents("items").keySet().iterator().next();
            caseload.sandbox.clearJournal();

            assertThat(count(record(caseload, "items", item), "items", "unchanged")).isEqualTo(1);
            caseload.sandbox.remove(id);
            assertThat(count(record(caseload, "cases", id), "cases", "delete")).isEqualTo(1);
            JsonNode odd = record(caseload, "cases", "O'Brien')/Items?$top=1&x=('/..");

            assertThat(odd.path("state").asText()).isNotEqualTo("failed");
            assertThat(caseload.sandbox.journal()).extracting(call -> call.path().substring(SapSandbox.V4.length())).containsOnly(
                    "/CaseItems(CaseId='" + item.split("\\|")[0] + "',ItemNo=" + item.split("\\|")[1] + ")", "/Cases('" + id + "')",
                    "/Cases('O''Brien''%29%2FItems%3F%24top%3D1%26x%3D%28''%2F..')");
        }
    }

    private static JsonNode record(Caseload caseload, String entity, String key) {
        return caseload.syncline.run(new RunRequest("cases", "default", Mode.SINGLE, false, null, entity, key, "test", "test"));
    }

    @Test
    void aRowThatSlippedBetweenPagesIsNotTakenForDeleted() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            String gone = caseload.sandbox.snapshot().firstKey();
            // Behind the first page one goes and one comes, so all move up, one is never shown, and the total says nothing of it.
            caseload.sandbox.fault(FaultRule.on("/Cases", new Fault.Act(() -> {
                caseload.sandbox.remove(gone);
                caseload.sandbox.create(1);
            })).call(2));
            JsonNode drifted = caseload.full();

            assertThat(count(drifted, "cases", "delete")).isZero();
            assertThat(RunningSyncline.entity(drifted, "cases").path("absent").asInt()).isEqualTo(1);
            assertThat(RunningSyncline.entity(drifted, "cases").path("reasons").toString()).contains("1 record that the pages left out came when asked for");
            assertThat(count(caseload.full(), "cases", "delete")).isEqualTo(1);
            assertSame(caseload);
        }
    }

    @Test
    void whatGoesWrongAtSapDeletesNothingAndIsToldInItsWords() {
        try (Caseload caseload = Caseload.open("sap", SMALL, folder)) {
            caseload.full();
            for (Fault fault : new Fault[] {new Fault.HalfBody(), new Fault.CutJson(), new Fault.Html(), new Fault.EmptyBody(), new Fault.Status(500),
                new Fault.Status(403)}) {
                caseload.sandbox.fault(FaultRule.on("/Cases", fault).calls(3, 10));
                JsonNode report = caseload.full();
                caseload.sandbox.clearFaults();
                assertThat(RunningSyncline.entity(report, "cases").path("state").asText()).as(fault.toString()).isEqualTo("failed");
                assertThat(count(report, "cases", "delete")).isZero();
            }
            caseload.sandbox.fault(FaultRule.on("/Cases", new Fault.EmptyPage()));
            JsonNode empty = caseload.full();
            caseload.sandbox.clearFaults();
            assertThat(count(empty, "cases", "delete")).isZero();
            assertThat(caseload.documents("cases")).hasSize(300);
            assertSame(caseload);
        }
    }

    @Test
    void credentialsThatSapRefusesAreToldAsSapTellsIt() {
        try (Caseload caseload = Caseload.open("sap_v2", SMALL, folder)) {
            caseload.sandbox.fault(FaultRule.on("/Teams", new Fault.Status(401)));
            JsonNode report = caseload.full();
            assertThat(RunningSyncline.entity(report, "teams").toString())
                    .contains("answered 401", "The request could not be served.", "Check the credentials");
        }
    }
}
