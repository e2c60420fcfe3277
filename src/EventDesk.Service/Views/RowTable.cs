using Npgsql;
using NpgsqlTypes;

namespace EventDesk.Service.Views;

/// <summary>
/// The table of a followed view, said once: from its columns come the DDL, the statement that loads the rows of some tickets,
/// the one that writes changed rows back, and the binary COPY of a replay. So a page and a replay cannot write differently.
/// The names are constants of this program; nothing from outside becomes part of a statement.
/// </summary>
internal sealed class RowTable<T>(string name, string key, params Column<T>[] columns) where T : class, new()
{
    readonly string names = string.Join(", ", columns.Select(c => c.Name));

    public string Name => name;

    public string Create(string suffix) =>
        $"create table {name}{suffix} ({string.Join(", ", columns.Select(c => c.Definition))});\n";

    public string PrimaryKey(string suffix) =>
        $"alter table {name}{suffix} add constraint pk_{name}{suffix} primary key ({key});\n";

    /// <summary>The rows of these tickets that meet <paramref name="condition"/>, a constant.</summary>
    public Task<List<T>> Load(NpgsqlConnection connection, Guid[] tickets, CancellationToken ct, string condition = "true") =>
        LoadBy(connection, "ticket", tickets, ct, condition);

    /// <summary>The same by another id: <paramref name="column"/> is a constant too.</summary>
    public async Task<List<T>> LoadBy(NpgsqlConnection connection, string column, Guid[] ids, CancellationToken ct, string condition = "true")
    {
        await using var command = new NpgsqlCommand($"select {names} from {name} where {column} = any($1) and {condition}", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = new(ids.Length);
        while (await reader.ReadAsync(ct)) rows.Add(Read(reader));
        return rows;
    }

    /// <summary>Its columns in the order in which <see cref="Read"/> takes them.</summary>
    public string Names => names;

    /// <summary>The row under a reader whose first columns are <see cref="Names"/>.</summary>
    public T Read(NpgsqlDataReader reader)
    {
        var row = new T();
        for (var i = 0; i < columns.Length; i++) columns[i].Read(reader, i, row);
        return row;
    }

    /// <summary>Inserts or overwrites all rows in one statement.</summary>
    public async Task Save(NpgsqlConnection connection, IReadOnlyList<T> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Saving(rows) } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The statement that does so, no two rows of one key among them.</summary>
    public NpgsqlBatchCommand Saving(IReadOnlyList<T> rows)
    {
        var command = new NpgsqlBatchCommand(upsert);
        foreach (var column in columns) command.Parameters.Add(column.Values(rows));
        return command;
    }

    readonly string upsert = $"""
        insert into {name} as t ({string.Join(", ", columns.Select(c => c.Name))})
        select {string.Join(", ", columns.Select((c, i) => $"unnest(${i + 1}::{c.SqlType}[])"))}
        on conflict ({key}) do update set {string.Join(", ", columns.Select(c => $"{c.Name} = {(c.IsKept ? $"coalesce(t.{c.Name}, excluded.{c.Name})" : $"excluded.{c.Name}")}"))}
        """;

    public async Task Copy(NpgsqlConnection connection, string suffix, IEnumerable<T> rows, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {name}{suffix} ({names}) from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var column in columns) column.Write(copy, row);
        }
        await copy.CompleteAsync(ct);
    }
}

/// <summary>A column and how a row gives and takes its value.</summary>
internal abstract class Column<T>(string name, string sqlType, string extra)
{
    public string Name => name;
    public string SqlType => sqlType;
    public string Definition => $"{name} {sqlType}{extra}";

    /// <summary>The first value that is written stays.</summary>
    public bool IsKept { get; private set; }

    public Column<T> Kept()
    {
        IsKept = true;
        return this;
    }

    public abstract void Write(NpgsqlBinaryImporter copy, T row);
    public abstract NpgsqlParameter Values(IReadOnlyList<T> rows);
    public abstract void Read(NpgsqlDataReader reader, int ordinal, T row);

    /// <param name="sqlType">Its PostgreSQL type.</param>
    /// <param name="type">The same for Npgsql.</param>
    /// <param name="notNull">Whether the table refuses null.</param>
    public static Column<T> Of<V>(string name, string sqlType, NpgsqlDbType type, bool notNull, Func<T, V> get, Action<T, V> set) =>
        new Typed<V>(name, sqlType, type, notNull ? " not null" : "", get, set);

    public static Column<T> Id(string name, Func<T, Guid> get, Action<T, Guid> set) => Of(name, "uuid", NpgsqlDbType.Uuid, true, get, set);
    public static Column<T> Text(string name, Func<T, string?> get, Action<T, string?> set) => Of(name, "text", NpgsqlDbType.Text, false, get, set);
    public static Column<T> Long(string name, Func<T, long> get, Action<T, long> set) => Of(name, "bigint", NpgsqlDbType.Bigint, true, get, set);
    public static Column<T> Int(string name, Func<T, int> get, Action<T, int> set) => Of(name, "int", NpgsqlDbType.Integer, true, get, set);
    public static Column<T> Bool(string name, Func<T, bool> get, Action<T, bool> set) => Of(name, "boolean", NpgsqlDbType.Boolean, true, get, set);

    /// <summary>An enum, by its number; null stays null.</summary>
    public static Column<T> Small<E>(string name, Func<T, E?> get, Action<T, E?> set) where E : struct, Enum =>
        Of<short?>(name, "smallint", NpgsqlDbType.Smallint, false,
            row => get(row) is { } value ? Convert.ToInt16(value) : null,
            (row, value) => set(row, value is { } v ? (E)Enum.ToObject(typeof(E), v) : null));

    /// <summary>An instant; <c>default</c> is null.</summary>
    public static Column<T> Time(string name, Func<T, DateTime> get, Action<T, DateTime> set) =>
        Of<DateTime?>(name, "timestamptz", NpgsqlDbType.TimestampTz, false,
            row => get(row) is var at && at == default ? null : at,
            (row, value) => set(row, value ?? default));

    sealed class Typed<V>(string name, string sqlType, NpgsqlDbType type, string extra, Func<T, V> get, Action<T, V> set) : Column<T>(name, sqlType, extra)
    {
        public override void Write(NpgsqlBinaryImporter copy, T row)
        {
            if (get(row) is { } value) copy.Write(value, type);
            else copy.WriteNull();
        }

        public override NpgsqlParameter Values(IReadOnlyList<T> rows)
        {
            var values = new V[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = get(rows[i]);
            return new NpgsqlParameter<V[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
        }

        public override void Read(NpgsqlDataReader reader, int ordinal, T row)
        {
            if (!reader.IsDBNull(ordinal)) set(row, reader.GetFieldValue<V>(ordinal));
        }
    }
}
