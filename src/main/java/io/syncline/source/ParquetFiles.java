package io.syncline.source;

import io.syncline.parquet.ExactParquet;
import io.syncline.parquet.ParquetFile;
import io.syncline.parquet.UnreadableFile;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Opens Parquet files through {@code routes/files.yaml}. */
final class ParquetFiles {
    private final CamelContext camel;
    private final ProducerTemplate template;

    ParquetFiles(CamelContext camel) {
        this.camel = camel;
        this.template = camel.createProducerTemplate();
    }

    ParquetFile open(Path path, Set<String> columns) throws IOException, UnreadableFile {
        Exchange exchange = new DefaultExchange(camel, ExchangePattern.InOut);
        exchange.setVariable(ExactParquet.COLUMNS, columns);
        exchange.getMessage().setBody(path);
        template.send("direct:parquet-file", exchange);
        Exception failure = exchange.getException();
        if (failure instanceof UnreadableFile unreadable) {
            throw unreadable;
        }
        if (failure instanceof IOException unreached) {
            throw unreached;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return exchange.getMessage().getBody(ParquetFile.class);
    }
}
