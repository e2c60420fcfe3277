return await EventDesk.Server.Verbs.CommandLine.Run(args);
