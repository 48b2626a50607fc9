package io.syncline;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * bench/README.md's command, small: it prints how long everything takes and nobody judges that. What it judges by itself are the counts of every pass, from
 * JSON, from Parquet and with a history, and that the limit program and the product end with the same records.
 */
class BenchIT {
    @TempDir
    private Path folder;
    private Process bench;

    @AfterEach
    void stop() throws InterruptedException {
        if (bench != null) {
            bench.destroy();
            bench.waitFor(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void theLimitProgramAndTheProductDoTheSameWork() throws Exception {
        Path said = folder.resolve("bench.log");
        ProcessBuilder command = new ProcessBuilder("bench/run", "--pairs", "1", "--often", "2", "--snapshots", "1,3", "--only",
                "pairs,growth,doors,parquet", "10000").redirectErrorStream(true).redirectOutput(said.toFile());
        command.environment().put("SYNCLINE_JAR", PackagedProduct.JAR.toString());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        bench = command.start();
        assertThat(bench.waitFor(20, TimeUnit.MINUTES)).isTrue();
        String told = Files.readString(said);
        System.out.println(told);
        assertThat(bench.exitValue()).as(told).isZero();
        assertThat(told).contains("Both ended with the same 10,000 records", "one record refreshed, changed: Syncline", "10,000 records from Parquet, cold",
                "10,000 records with more and more snapshots behind them", "What a record costs where there are more of them");
    }
}
