using Oss.Emulator;

return await EmulatorProgram.RunAsync(args);
