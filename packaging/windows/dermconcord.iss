; Inno Setup script of the graders' program. UNTESTED: see README.md beside it.
#ifndef Version
  #define Version "0.1.0"
#endif

[Setup]
AppId=DermConcord
AppName=DermConcord
AppVersion={#Version}
AppPublisher=DermConcord
DefaultDirName={autopf}\DermConcord
DefaultGroupName=DermConcord
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=dermconcord-{#Version}-setup
UninstallDisplayIcon={app}\dermconcord.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern

[Files]
Source: "..\..\dist\dermconcord\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\DermConcord"; Filename: "{app}\dermconcord.exe"
Name: "{userdesktop}\DermConcord"; Filename: "{app}\dermconcord.exe"; Tasks: desktopicon

[Tasks]
Name: desktopicon; Description: "Put an icon on the desktop"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\.concord"; ValueType: string; ValueData: "DermConcord.Study"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\DermConcord.Study"; ValueType: string; ValueData: "DermConcord study or packet"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\DermConcord.Study\DefaultIcon"; ValueType: string; ValueData: "{app}\dermconcord.exe,0"
Root: HKA; Subkey: "Software\Classes\DermConcord.Study\shell\open\command"; ValueType: string; ValueData: """{app}\dermconcord.exe"" ""%1"""

[InstallDelete]
; files of an older version that this one has no longer
Type: filesandordirs; Name: "{app}\_internal"

[Run]
Filename: "{app}\dermconcord.exe"; Description: "Start DermConcord"; Flags: nowait postinstall skipifsilent
