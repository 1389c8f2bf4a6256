// Words of the drawing tool and of its companions that the package of translations does not have.
export const missing = {
  'Toggle Token Simulation': '模拟运行',
  'Token Simulation': '模拟运行',
  'Open minimap': '打开缩略图',
  'Close minimap': '关闭缩略图',
  'Set color': '设置颜色',
  'Set Color': '设置颜色',
  'Default Color': '默认颜色',
  'Blue Color': '蓝色',
  'Orange Color': '橙色',
  'Green Color': '绿色',
  'Red Color': '红色',
  'Purple Color': '紫色',
};
