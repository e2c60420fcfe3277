using Npgsql;

namespace EventDesk.Service.Attachments;

/// <summary>Puts what is written into rows, a few pieces a statement: no connection is held while a slow sender thinks.</summary>
sealed class PieceWriter(NpgsqlDataSource database, Guid attachment) : Stream
{
    const int PieceLength = 256 * 1024;

    readonly byte[] piece = new byte[PieceLength];
    int filled, number;

    const string InsertSql = "insert into attachment_piece (attachment, number, bytes) values ($1, $2, $3)";

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, piece.Length - filled);
            buffer.Span[..part].CopyTo(piece.AsSpan(filled));
            filled += part;
            buffer = buffer[part..];
            if (filled == piece.Length)
                await Put(cancellationToken);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => filled == 0 ? Task.CompletedTask : Put(cancellationToken);

    async Task Put(CancellationToken ct)
    {
        await using var command = database.CreateCommand(InsertSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = attachment });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number++ });
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = piece.AsMemory(0, filled) });
        await command.ExecuteNonQueryAsync(ct);
        filled = 0;
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");
}

/// <summary>Reads the rows back, one at a time.</summary>
sealed class PieceReader(NpgsqlDataSource database, Guid attachment) : Stream
{
    byte[] piece = [];
    int taken, number;
    bool ended;

    const string ReadSql = "select bytes from attachment_piece where attachment = $1 and number = $2";

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (taken == piece.Length && !ended)
            await Next(cancellationToken);
        var part = Math.Min(buffer.Length, piece.Length - taken);
        piece.AsSpan(taken, part).CopyTo(buffer.Span);
        taken += part;
        return part;
    }

    async Task Next(CancellationToken ct)
    {
        await using var command = database.CreateCommand(ReadSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = attachment });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number++ });
        var bytes = (byte[]?)await command.ExecuteScalarAsync(ct);
        (piece, taken, ended) = (bytes ?? [], 0, bytes is null);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
