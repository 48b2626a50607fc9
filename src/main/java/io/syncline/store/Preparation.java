package io.syncline.store;

import io.syncline.config.Configuration;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.stereotype.Component;

/** Has the tables of every declared sync ready before anything reads or writes them; at no other time are tables made or changed. */
@Component("preparation")
@DependsOnDatabaseInitialization
class Preparation implements InitializingBean {
    private final Configuration configuration;
    private final EntityTables tables;
    private final LocalTables localTables;

    Preparation(Configuration configuration, EntityTables tables, LocalTables localTables) {
        this.configuration = configuration;
        this.tables = tables;
        this.localTables = localTables;
    }

    @Override
    public void afterPropertiesSet() {
        configuration.syncs().values().forEach(sync -> {
            tables.migrate(sync);
            localTables.migrate(sync);
        });
    }
}
