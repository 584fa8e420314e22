package io.asyncbatcher.sample.mysql;

import io.asyncbatcher.sample.ItemRejectedException;
import io.asyncbatcher.sample.SystemUnavailableException;
import io.asyncbatcher.spring.Batched;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The table of orders. */
@Repository
@Profile("mysql")
class OrderRepository {

    /** The driver makes one insert of many rows of it ({@code rewriteBatchedStatements}), as long as MySQL takes. */
    private static final String INSERT = "insert into orders (reference, cents) values (?, ?)";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    OrderRepository(@Qualifier("mysqlDataSource") DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /**
     * Stores orders, all or none: a batch that one of them fails is halved and run again, and must have left nothing
     * behind.
     *
     * @return the generated ids; element i belongs to order i
     */
    @Batched(value = "mysqlOrders", isolateFailures = "rejectedOrders")
    List<Long> insertAll(List<NewOrder> orders) {
        try {
            return transaction.execute(status -> insert(orders));
        } catch (DuplicateKeyException e) {
            throw new ItemRejectedException(HttpStatus.CONFLICT, "There is already an order with this reference.");
        } catch (TransactionException e) {
            throw new SystemUnavailableException("The database", e instanceof CannotCreateTransactionException, e);
        }
    }

    private List<Long> insert(List<NewOrder> orders) {
        GeneratedKeyHolder keys = new GeneratedKeyHolder();
        jdbc.batchUpdate(
                connection -> connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS),
                new Rows(orders),
                keys);
        return keys.getKeyList().stream()
                .map(row -> ((Number) row.values().iterator().next()).longValue())
                .toList();
    }

    private record Rows(List<NewOrder> orders) implements BatchPreparedStatementSetter {

        @Override
        public void setValues(PreparedStatement row, int i) throws SQLException {
            row.setString(1, orders.get(i).reference());
            row.setLong(2, orders.get(i).cents());
        }

        @Override
        public int getBatchSize() {
            return orders.size();
        }
    }
}
