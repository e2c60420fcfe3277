using EventDesk.Domain.Tickets;

namespace EventDesk.Service.Views;

/// <summary>Takes one event into a ticket's facts. Pure but for the row it changes; an event already taken in changes nothing.</summary>
internal static class FactFold
{
    public static TicketFact Open(Step e)
    {
        var f = new TicketFact
        {
            Ticket = e.Ticket,
            Number = e.Number,
            Product = e.Product ?? "",
            Language = e.Language ?? "",
            Source = e.Source,
            Channel = e.Channel,
            OpenedAt = e.At,
            LastEventAt = e.At,
            LineSince = e.At,
            OpeningSeverity = e.Severity,
            Now = Standing.Opened(e),
        };
        f.FirstLine = f.HighestLine = Counted(f.Now.Line, e);
        f.TeamLast = e.Team;
        return f;
    }

    public static void Apply(TicketFact f, Step e)
    {
        if (e.Version <= f.Version) return;
        f.Administrative += (int)(e.Version - f.Version - 1); // had not happened yet
        // A figure that changed with a purge would tell of it, and nobody could check it any more.
        if (e.Kind is StepKind.Administrative or StepKind.Purged)
        {
            f.Version = e.Version;
            f.Administrative++;
            if (e.Kind == StepKind.Purged) CommentList.Keep(f, e);
            return;
        }
        var before = f.Now;
        if (e.Kind != StepKind.Opened) f.Now = before.After(e);
        f.Version = e.Version;
        if (e.At > f.LastEventAt) f.LastEventAt = e.At;
        f.ActingAs |= e.ActingAsFirstLine;
        if (e.Kind == StepKind.Moved) (f.Product, f.Language) = (e.Product ?? "", e.Language ?? "");
        if (e.Kind == StepKind.TargetSet) f.Contract = e.Contract;

        Source(f, e);
        Actors(f, e);
        Lines(f, before, e);
        Teams(f, before, e);
        Waits(f, before, e);
        Conversation(f, e);
        Ends(f, before, e);
        CommentList.Keep(f, e);
    }

    static long Micros(DateTime from, DateTime to) => Math.Max(0, (to - from).Ticks / TimeSpan.TicksPerMicrosecond);

    static SupportLine Counted(SupportLine line, Step e) => e.ActingAsFirstLine ? SupportLine.L1 : line;

    static void Source(TicketFact f, Step e)
    {
        if (e.Imported)
        {
            f.State = e.State ?? f.State;
            f.FirstState ??= e.State;
            if (e.StartsRow)
            {
                f.SourceRows++;
                if (e.Activity is not null) Label(f, e.Activity);
            }
        }
        else
        {
            f.State = null;
            Label(f, e.Type);
        }
    }

    static void Label(TicketFact f, string label)
    {
        var entry = label == f.LastLabel ? 0 : 1;
        f.LastLabel = label;
        f.Variant = Hash(f.Variant, label);
        for (var i = 0; i < f.Labels.Count; i++)
        {
            var known = f.Labels[i];
            if (known.Label != label) continue;
            f.Labels[i] = known with { Rows = known.Rows + 1, Entries = known.Entries + entry };
            return;
        }
        f.Labels.Add(new LabelCount(label, 1, entry));
    }

    /// <summary>FNV-1a over the UTF-16 of the labels, each closed by a mark.</summary>
    static long Hash(long seed, string label)
    {
        const ulong Prime = 1099511628211;
        var hash = seed == 0 ? 14695981039346656037 : (ulong)seed;
        foreach (var c in label) hash = (hash ^ c) * Prime;
        return (long)((hash ^ 0x1F) * Prime);
    }

    static void Actors(TicketFact f, Step e)
    {
        if (e.Actor is null || (e.Imported ? !e.StartsRow : !e.IsStaff)) return;
        if (f.LastActor is not null && f.LastActor != e.Actor) f.ActorChanges++;
        f.LastActor = e.Actor;
    }

    static void Lines(TicketFact f, Standing before, Step e)
    {
        var line = Counted(f.Now.Line, e);
        if (f.Now.Severity != before.Severity) f.SeverityChanges++;

        var moved = f.Now.Line != before.Line;
        if (moved && line > f.HighestLine) f.HighestLine = line;
        if (e.Kind == StepKind.Triaged && before.Triage) f.FirstLine = line; // nobody had it before
        else if (moved)
        {
            if (f.Now.Line > before.Line) f.LineUps++;
            else f.LineDowns++;
            if (f.LineBefore == f.Now.Line) f.LineReturns++;
            f.LineBefore = before.Line;
        }

        var open = f.Now.Status == Status.Open;
        if (f.LineSince != default && (moved || !open))
        {
            f.OnLine[(int)before.Line - 1] += Micros(f.LineSince, e.At);
            f.LineSince = default;
        }
        if (open && f.LineSince == default) f.LineSince = e.At;
    }

    static void Teams(TicketFact f, Standing before, Step e)
    {
        if (f.Now.Team is not { } team) return;
        // A team that takes over after a change of line completes that change; it is no transfer of its own. A transfer counts
        // even when the team reads the same: the source says it was handed on.
        if (before.Team is not null && before.Line == f.Now.Line && (before.Team != team || e.Kind == StepKind.Transferred)) f.SameLineTransfers++;
        if (team == f.TeamLast) return;
        if (team == f.TeamBefore) f.TeamReturns++;
        f.TeamBefore = f.TeamLast;
        f.TeamLast = team;
    }

    static void Waits(TicketFact f, Standing before, Step e)
    {
        if (before.Waiting == f.Now.Waiting && e.Kind != StepKind.WaitingStarted) return;
        if (before.Waiting is { } ended && f.WaitingSince != default)
            f.Waited[(int)ended] += Micros(f.WaitingSince, e.At);
        f.WaitingSince = f.Now.Waiting is null ? default : e.At;
        if (f.Now.Waiting is { } begun) f.Waits[(int)begun]++;
    }

    static void Conversation(TicketFact f, Step e)
    {
        if (e.Kind == StepKind.CustomerMessage) f.MessagesSince++;
        if (e.Kind is not (StepKind.Reply or StepKind.CalledBack) || e.Automated || !e.IsStaff) return;
        f.Answers++;
        f.MessagesSince = 0;
        if (f.FirstAnswerAt != default) return;
        f.FirstAnswerAt = e.At;
        f.FirstAnswerVersion = e.Version;
    }

    static void Ends(TicketFact f, Standing before, Step e)
    {
        switch (e.Kind)
        {
            case StepKind.Resolved: Resolve(f, e); break;
            // Only an imported case is closed while open: that was its resolution.
            case StepKind.Closed:
                if (before.Status == Status.Open) Resolve(f, e);
                f.ClosedAt = e.At;
                break;
            case StepKind.Reopened: Reopen(f, before, e); break;
            case StepKind.Merged: f.LeftOut = true; break;
            case StepKind.Unmerged: f.LeftOut = f.How is Resolution.Spam or Resolution.Duplicate; break;
            case StepKind.Feedback: Rate(f, e); break;
            case StepKind.FeedbackReviewed: Review(f, e); break;
            default: break;
        }
    }

    static void Resolve(TicketFact f, Step e)
    {
        if (f.FirstResolvedAt == default)
        {
            f.FirstResolvedAt = e.At;
            f.FirstResolvedVersion = e.Version;
            f.WaitedFirst = f.Waited.Sum();
            f.WaitedFirstCustomer = f.Waited[(int)WaitingReason.Customer];
        }
        if (f.FirstAnswerAt == default)
        {
            f.FirstAnswerAt = e.At;
            f.FirstAnswerVersion = e.Version;
            f.AnsweredByResolution = true;
        }
        var how = e.Kind == StepKind.Closed ? Resolution.Imported : e.How;
        f.LastResolvedAt = e.At;
        f.LastResolvedVersion = e.Version;
        f.Resolver = e.Actor;
        f.ResolverTeam = f.Now.Team;
        f.How = how;
        f.Resolutions++;
        f.LeftOut = how is Resolution.Spam or Resolution.Duplicate;
        f.Cycles.Add(new TicketCycle
        {
            Ticket = f.Ticket, Version = e.Version, Cycle = e.Cycle, ResolvedAt = e.At, Resolver = e.Actor, ResolverTeam = f.Now.Team,
            Line = f.Now.Line, Severity = f.Now.Severity, Contract = f.Contract, How = how, Imported = e.Imported, Changed = true,
        });
    }

    static void Reopen(TicketFact f, Standing before, Step e)
    {
        if (!before.HasEnded) return;
        f.Reopens++;
        f.LastReopenedAt = e.At;
        f.ClosedAt = default;
        if (f.Cycles.Count == 0) return;
        var cycle = f.Cycles[^1];
        if (cycle.ReopenedAt != default) return;
        cycle.ReopenedAt = e.At;
        var after = WorkingDays.Between(cycle.ResolvedAt, e.At).Ticks / TimeSpan.TicksPerMicrosecond;
        cycle.ReopenedAfter = after;
        cycle.Changed = true;
        f.SoonestReopen = Math.Min(f.SoonestReopen ?? long.MaxValue, after);
    }

    static void Rate(TicketFact f, Step e)
    {
        if (f.Cycles.FindLast(c => c.Cycle == e.Cycle) is not { } cycle) return;
        cycle.Rating = e.Rating;
        cycle.Scale = e.Scale;
        cycle.Positive = RatingScales.IsPositive(e.Scale, e.Rating);
        cycle.Ratings++;
        if (cycle.FirstRatedAt == default) cycle.FirstRatedAt = e.At;
        cycle.RatedAt = e.At;
        cycle.RatedVersion = e.Version;
        if (e.HasComment)
        {
            if (cycle.CommentAt == default || cycle.ReviewedAt != default) cycle.CommentAt = e.At;
            cycle.ReviewedAt = default;
        }
        cycle.Changed = true;
    }

    static void Review(TicketFact f, Step e)
    {
        if (f.Cycles.FindLast(c => c.Cycle == e.Cycle) is not { } cycle) return;
        cycle.ReviewedAt = e.At;
        cycle.Category = e.Category;
        cycle.Changed = true;
    }
}

/// <summary>How ratings read: which values of a scale are good.</summary>
internal static class RatingScales
{
    /// <summary>On a scale of five the middle is not good: 4 and 5 are. Null on a scale nobody described.</summary>
    public static bool? IsPositive(string? scale, int rating) => scale == GiveFeedback.Scale ? rating >= 4 : null;
}
