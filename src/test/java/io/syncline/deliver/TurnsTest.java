package io.syncline.deliver;

import io.syncline.RunningSyncline;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What is to be sent is handed out by turns, whoever has how much of it. */
class TurnsTest {
    @TempDir
    private Path folder;

    @Test
    void whoHasMuchToSendKeepsNobodyElseWaiting() throws IOException {
        try (Workshop workshop = new Workshop()) {
            workshop.configure(folder);
            Files.writeString(folder.resolve("syncs/stock.yaml"), "organisations: [default, other]\n", StandardOpenOption.APPEND);
            try (RunningSyncline syncline = workshop.product(folder, Map.of("syncline.push.after-save", "false", "syncline.push.deliver", "false"))) {
                Map.of("default", 60, "other", 5).forEach((organisation, number) -> {
                    syncline.sql().sql("insert into stock.things (org_id, name, price) select ?, 'thing ' || n, 1 from generate_series(1, ?) n")
                            .params(organisation, number).update();
                    syncline.run(new RunRequest("stock", organisation, Mode.PUSH, false, null, null, null, "test", "test"));
                });
                Pushes pushes = syncline.bean(Pushes.class);
                assertThat(Stream.generate(pushes::claim).takeWhile(claimed -> !claimed.isEmpty()).map(TurnsTest::whose).toList())
                        .containsExactly("25 of default", "5 of other", "25 of default", "10 of default");
            }
        }
    }

    private static String whose(List<Claim> claimed) {
        assertThat(claimed).extracting(claim -> claim.order().organisation()).containsOnly(claimed.get(0).order().organisation());
        return claimed.size() + " of " + claimed.get(0).order().organisation();
    }
}
